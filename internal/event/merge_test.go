package event

import (
	"reflect"
	"slices"
	"testing"

	"attache/internal/when"

	"pgregory.net/rapid"
)

// on states a day, as a line of a file does.
func on(line int, s string) Statement {
	e, err := when.Parse(s)
	if err != nil {
		panic(err)
	}
	return Statement{Expr: e, Line: line}
}

func named(line int, id, s string) Statement {
	st := on(line, s)
	st.ID = id
	return st
}

func joint(s string) Statement {
	st := on(0, s)
	st.Joint = true
	return st
}

// deadline is an event as its file first has it.
func deadline() Event {
	return Event{
		ID: "tariffs", Title: "Tariffs", Kind: Deadline, Zone: "America/New_York",
		When: []Statement{on(3, "2025-11-01")}, Certainty: Possible, Status: Open,
		Topics: []string{"tariffs"}, Origin: Position{"us-china.yaml", 2},
	}
}

// with returns e after the change.
func with(e Event, change func(*Event)) Event {
	change(&e)
	return e
}

func TestChanged(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Event)
		want   []string
	}{
		{"nothing", func(e *Event) {}, nil},
		{"title", func(e *Event) { e.Title = "x" }, []string{"title"}},
		{"kind", func(e *Event) { e.Kind = Measure }, []string{"kind"}},
		{"another day", func(e *Event) { e.When = []Statement{on(3, "2025-11-10")} }, []string{"when"}},
		{"one statement more", func(e *Event) { e.When = append(slices.Clone(e.When), on(4, "by 2025-11-01")) }, []string{"when"}},
		{"another quote", func(e *Event) { e.When = []Statement{{Expr: e.When[0].Expr, Quote: "on 1 November"}} }, []string{"when"}},
		{"a statement set aside", func(e *Event) { e.When = []Statement{{Expr: e.When[0].Expr, SupersededBy: "x"}} }, []string{"when"}},
		{"the line of a statement", func(e *Event) { e.When = []Statement{on(99, "2025-11-01")} }, nil},
		{"the place in its file", func(e *Event) { e.Origin = Position{"other.yaml", 7} }, nil},
		{"zone", func(e *Event) { e.Zone = "UTC" }, []string{"zone"}},
		{"certainty", func(e *Event) { e.Certainty = Likely }, []string{"certainty"}},
		{"status and reason", func(e *Event) { e.Reason, e.Status = "x", Averted }, []string{"status", "reason"}},
		{"a condition", func(e *Event) { e.If = &Condition{Event: "curbs", Is: InForce} }, []string{"if"}},
		{"an empty condition", func(e *Event) { e.If = &Condition{} }, []string{"if"}},
		{"place", func(e *Event) { e.Place = "Washington" }, []string{"place"}},
		{"parties", func(e *Event) { e.Parties = []string{"US"} }, []string{"parties"}},
		{"people", func(e *Event) { e.People = []string{"x"} }, []string{"people"}},
		{"topics in another order", func(e *Event) { e.Topics = []string{"tariffs", "a"} }, []string{"topics"}},
		{"an empty list for none", func(e *Event) { e.Parties, e.Links, e.Sources = []string{}, []Link{}, []Citation{} }, nil},
		{"no list", func(e *Event) { e.Topics = nil }, []string{"topics"}},
		{"note", func(e *Event) { e.Note = "x" }, []string{"note"}},
		{"no reminders", func(e *Event) { e.Remind = &[]string{} }, []string{"remind"}},
		{"no reminders, as a nil list", func(e *Event) { e.Remind = new([]string) }, []string{"remind"}},
		{"other reminders", func(e *Event) { e.Remind = &[]string{"7d"} }, []string{"remind"}},
		{"links", func(e *Event) { e.Links = []Link{{Follows, "talks"}} }, []string{"links"}},
		{"sources", func(e *Event) { e.Sources = []Citation{{Source: "report"}} }, []string{"sources"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := deadline(), with(deadline(), c.change)
			if got := Changed(a, b); !slices.Equal(got, c.want) {
				t.Errorf("changed: %v, want %v", got, c.want)
			}
			if got := Changed(b, a); !slices.Equal(got, c.want) {
				t.Errorf("changed back: %v, want %v", got, c.want)
			}
			if a.When[0].Line != 3 {
				t.Error("the lines of what was compared are gone")
			}
		})
	}
}

func TestChanged_EmptyLists(t *testing.T) {
	a, b := deadline(), deadline()
	a.Remind, b.Remind = new([]string), &[]string{}
	a.Sources = []Citation{{Source: "report", Supports: nil}}
	b.Sources = []Citation{{Source: "report", Supports: []string{}}}
	a.If, b.If = &Condition{Text: "if the curbs go ahead"}, &Condition{Text: "if the curbs go ahead"}
	if got := Changed(a, b); got != nil {
		t.Errorf("changed: %v", got)
	}
	b.If.Text = "unless they are deferred"
	if got := Changed(a, b); !slices.Equal(got, []string{"if"}) {
		t.Errorf("changed: %v, want the condition", got)
	}
}

// Every part of an event but its id and its place is one that a revision can
// name.
func TestChanged_EveryField(t *testing.T) {
	var e Event
	compared := map[any]bool{&e.ID: true, &e.Origin: true, &e.Foreign: true, &e.Veiled: true}
	for _, f := range fields() {
		compared[f.of(&e)] = true
	}
	v := reflect.ValueOf(&e).Elem()
	for i := range v.NumField() {
		if !compared[v.Field(i).Addr().Interface()] {
			t.Errorf("a change of %s makes no revision", v.Type().Field(i).Name)
		}
	}
}

func TestMerge(t *testing.T) {
	averted := func(e *Event) { e.Status, e.Reason = Averted, "set in the channel" }
	for _, c := range []struct {
		name          string
		file, current func(*Event) // how each differs from what the file said last
		want          func(*Event) // how the result does
	}{
		{"nothing new", func(e *Event) {}, func(e *Event) {}, func(e *Event) {}},
		{
			"an outcome set elsewhere stays when the file says nothing new",
			func(e *Event) {}, averted, averted,
		}, {
			"an outcome set elsewhere stays when the file changes another field",
			func(e *Event) { e.Title = "Tariffs on all goods" }, averted,
			func(e *Event) { averted(e); e.Title = "Tariffs on all goods" },
		}, {
			"a file that changes the same field wins, and the reason of what it replaces is gone",
			func(e *Event) { e.Status = InForce }, averted,
			func(e *Event) { e.Status = InForce },
		}, {
			"a status comes with the reason that its file gave before",
			func(e *Event) { e.Status, e.Reason = InForce, "" }, func(e *Event) { averted(e); e.Title = "Set" },
			func(e *Event) { e.Status, e.Title = InForce, "Set" },
		}, {
			"a field taken out of the file is gone",
			func(e *Event) { e.Topics = nil }, averted,
			func(e *Event) { averted(e); e.Topics = nil },
		}, {
			"a date set elsewhere stays when only lines moved",
			func(e *Event) { e.When, e.Origin.Line = []Statement{on(13, "2025-11-01")}, 12 },
			func(e *Event) { e.When = []Statement{on(0, "2025-11-10")} },
			func(e *Event) { e.When, e.Origin.Line = []Statement{on(0, "2025-11-10")}, 12 },
		}, {
			"lines that moved are known",
			func(e *Event) { e.When, e.Origin.Line = []Statement{on(13, "2025-11-01")}, 12 },
			func(e *Event) {},
			func(e *Event) { e.When, e.Origin.Line = []Statement{on(13, "2025-11-01")}, 12 },
		}, {
			"an empty list in the file is nothing new",
			func(e *Event) { e.Parties = []string{} },
			func(e *Event) { e.Parties = []string{"US"} },
			func(e *Event) { e.Parties = []string{"US"} },
		}, {
			"no reminders in the file is something new",
			func(e *Event) { e.Remind = &[]string{} },
			func(e *Event) { e.Remind = &[]string{"7d"} },
			func(e *Event) { e.Remind = &[]string{} },
		}, {
			"a condition set elsewhere stays when the file never had one",
			func(e *Event) {},
			func(e *Event) { e.If = &Condition{Text: "x"} },
			func(e *Event) { e.If = &Condition{Text: "x"} },
		}, {
			"a statement from elsewhere stays when the file adds one, which is the later one",
			func(e *Event) { e.When = []Statement{on(3, "2025-11-01"), on(4, "by 2026-02-16")} },
			func(e *Event) { e.When = append(e.When, on(0, "2025-11-10")) },
			func(e *Event) { e.When = []Statement{on(3, "2025-11-01"), on(0, "2025-11-10"), on(4, "by 2026-02-16")} },
		}, {
			"a statement that the file puts before another of its own stands there",
			func(e *Event) { e.When = []Statement{on(2, "by 2026-02-16"), on(3, "2025-11-01")} },
			func(e *Event) { e.When = append(e.When, on(0, "2025-11-10")) },
			func(e *Event) {
				e.When = []Statement{on(2, "by 2026-02-16"), on(3, "2025-11-01"), on(0, "2025-11-10")}
			},
		}, {
			"a statement from elsewhere stays when the file takes back its own",
			func(e *Event) { e.When = nil },
			func(e *Event) { e.When = append(e.When, on(0, "2025-11-10")) },
			func(e *Event) { e.When = []Statement{on(0, "2025-11-10")} },
		}, {
			"a statement that the file took over stands where it did",
			func(e *Event) { e.When = []Statement{on(3, "2025-11-01"), on(4, "2025-11-10")} },
			func(e *Event) { e.When = append(e.When, on(0, "by 2026-02-16"), on(0, "2025-11-10")) },
			func(e *Event) { e.When = []Statement{on(3, "2025-11-01"), on(0, "by 2026-02-16"), on(4, "2025-11-10")} },
		}, {
			"a statement that was taken back elsewhere stays out when the file adds one",
			func(e *Event) { e.When = append(e.When, on(4, "by 2026-02-16")) },
			func(e *Event) { e.When = nil },
			func(e *Event) { e.When = []Statement{on(4, "by 2026-02-16")} },
		}, {
			"a statement is known by its id, and the file that changes it wins",
			func(e *Event) { e.When = []Statement{named(3, "eo", "2025-11-10")} },
			func(e *Event) { e.When = []Statement{named(3, "eo", "2025-11-20"), on(0, "by 2026-02-16")} },
			func(e *Event) { e.When = []Statement{named(3, "eo", "2025-11-10"), on(0, "by 2026-02-16")} },
		}, {
			"a statement from elsewhere to which the file gives an id is one",
			func(e *Event) { e.When = append(e.When, named(4, "eo", "2025-11-10")) },
			func(e *Event) { e.When = append(e.When, on(0, "2025-11-10")) },
			func(e *Event) { e.When = append(e.When, named(4, "eo", "2025-11-10")) },
		}, {
			"statements that were made together stay together",
			func(e *Event) { e.When = append(e.When, on(4, "by 2026-02-16")) },
			func(e *Event) { e.When = append(e.When, on(0, "after 2025-11-10"), joint("before 2025-12-01")) },
			func(e *Event) {
				e.When = append(e.When, on(0, "after 2025-11-10"), joint("before 2025-12-01"), on(4, "by 2026-02-16"))
			},
		}, {
			"the order of the file holds",
			func(e *Event) { e.Topics = []string{"a", "tariffs"} },
			func(e *Event) { e.Topics = []string{"tariffs", "b", "a"} },
			func(e *Event) { e.Topics = []string{"a", "tariffs", "b"} },
		}, {
			"a citation from elsewhere stays when the file adds one",
			func(e *Event) { e.Sources = []Citation{{Source: "wire"}} },
			func(e *Event) { e.Sources = []Citation{{Source: "said"}} },
			func(e *Event) { e.Sources = []Citation{{Source: "wire"}, {Source: "said"}} },
		}, {
			"an event that the file itself calls withdrawn stays so",
			func(e *Event) { e.Status = Withdrawn },
			func(e *Event) { e.Status, e.Note = Withdrawn, "set elsewhere" },
			func(e *Event) { e.Status, e.Note = Withdrawn, "set elsewhere" },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Merge(deadline(), with(deadline(), c.file), with(deadline(), c.current))
			want := with(deadline(), c.want)
			if diff := Changed(want, got); diff != nil || got.ID != want.ID || got.Origin != want.Origin {
				t.Errorf("%v differ: %+v, want %+v", diff, got, want)
			}
			for i, s := range got.When {
				if s.Line != want.When[i].Line {
					t.Errorf("statement %d is on line %d, want %d", i, s.Line, want.When[i].Line)
				}
			}
		})
	}
}

func TestMerge_NewEvent(t *testing.T) {
	if got := Merge(Event{}, deadline(), Event{}); !reflect.DeepEqual(got, deadline()) {
		t.Errorf("got %+v", got)
	}
}

// events draws an event in which much is the same as in others.
func events() *rapid.Generator[Event] {
	word := rapid.SampledFrom([]string{"", "a", "b"})
	words := rapid.SampledFrom([][]string{nil, {}, {"a"}, {"a", "b"}})
	expr := rapid.SampledFrom([]string{"tbd", "2025-11-01", "by 2026-02-16", "2025-11-10 00:01 ET"})
	statement := rapid.Custom(func(t *rapid.T) Statement {
		s := on(rapid.IntRange(0, 3).Draw(t, "line"), expr.Draw(t, "expression"))
		s.Source, s.SupersededBy = word.Draw(t, "source"), word.Draw(t, "superseded by")
		return s
	})
	citation := rapid.Custom(func(t *rapid.T) Citation {
		return Citation{Source: word.Draw(t, "source"), Supports: words.Draw(t, "supports")}
	})
	return rapid.Custom(func(t *rapid.T) Event {
		e := Event{
			ID: "x", Title: word.Draw(t, "title"), Kind: rapid.SampledFrom(Kinds()).Draw(t, "kind"),
			When: rapid.SliceOfN(statement, 0, 2).Draw(t, "when"), Zone: word.Draw(t, "zone"),
			Certainty: rapid.SampledFrom(Certainties()).Draw(t, "certainty"),
			Status:    rapid.SampledFrom([]Status{Open, Held, Averted}).Draw(t, "status"),
			Reason:    word.Draw(t, "reason"), Place: word.Draw(t, "place"), Note: word.Draw(t, "note"),
			Parties: words.Draw(t, "parties"), People: words.Draw(t, "people"), Topics: words.Draw(t, "topics"),
			Links:   rapid.SampledFrom([][]Link{nil, {}, {{Follows, "y"}}}).Draw(t, "links"),
			Sources: rapid.SliceOfN(citation, 0, 2).Draw(t, "sources"),
			Origin:  Position{"events.yaml", rapid.IntRange(1, 3).Draw(t, "origin")},
		}
		if rapid.Bool().Draw(t, "conditional") {
			e.If = &Condition{Text: word.Draw(t, "condition")}
		}
		if rapid.Bool().Draw(t, "own reminders") {
			list := words.Draw(t, "remind")
			e.Remind = &list
		}
		return e
	})
}

func TestMerge_Laws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := events()
		base, file, current := g.Draw(t, "base"), g.Draw(t, "file"), g.Draw(t, "current")

		if got := Merge(file, file, current); Changed(got, current) != nil || got.Origin != file.Origin {
			t.Fatalf("a file that says nothing new changed %v", Changed(current, got))
		}
		got := Merge(base, file, base)
		if Changed(got, file) != nil || got.Origin != file.Origin || !slices.EqualFunc(got.When, file.When, func(a, b Statement) bool { return a == b }) {
			t.Fatalf("where nobody else wrote, %v is not as in the file", Changed(got, file))
		}
		merged := Merge(base, file, current)
		news := Changed(base, file)
		for _, name := range Changed(current, merged) {
			if !slices.Contains(news, name) && !(name == "reason" && slices.Contains(news, "status")) {
				t.Fatalf("%s was changed, which the file did not touch", name)
			}
		}
		for _, name := range Changed(file, merged) {
			lists := []string{"when", "parties", "people", "topics", "links", "sources"}
			if slices.Contains(news, name) && !slices.Contains(lists, name) {
				t.Fatalf("%s is not as the file has it now", name)
			}
		}
		if again := Merge(file, file, merged); Changed(again, merged) != nil || !slices.Equal(again.When, merged.When) {
			t.Fatalf("reading the file once more changed %v", Changed(merged, again))
		}
	})
}

func TestMerge_ArgumentsStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := events()
		base, file, current := g.Draw(t, "base"), g.Draw(t, "file"), g.Draw(t, "current")
		lines := func(e Event) (out []int) {
			for _, s := range e.When {
				out = append(out, s.Line)
			}
			return out
		}
		b, f, c := lines(base), lines(file), lines(current)
		Merge(base, file, current)
		if !slices.Equal(b, lines(base)) || !slices.Equal(f, lines(file)) || !slices.Equal(c, lines(current)) {
			t.Fatal("the lines of an argument were changed")
		}
	})
}

// TestMerge_NothingLost edits a list in the file and elsewhere in any order, has the event leave
// its file and come back, and keeps book of what nobody took back.
func TestMerge_NothingLost(t *testing.T) {
	all := []string{"2025-11-01", "2025-11-02", "2025-11-03", "2025-11-04", "2025-11-05"}
	rapid.Check(t, func(t *rapid.T) {
		base, file, current := deadline(), deadline(), deadline()
		want := map[string]bool{"on 2025-11-01": true} // what was said and not taken back
		at := func(e Event, says string) int {
			return slices.IndexFunc(e.When, func(s Statement) bool { return s.Expr.String() == says })
		}
		read := func() {
			current, base = Merge(base, file, current), file
		}
		for range rapid.IntRange(1, 12).Draw(t, "edits") {
			st := on(rapid.IntRange(1, 9).Draw(t, "line"), rapid.SampledFrom(all).Draw(t, "statement"))
			says := st.Expr.String()
			switch i := at(file, says); rapid.IntRange(0, 4).Draw(t, "edit") {
			case 0: // the file says it
				if i < 0 && !want[says] {
					file.When = slices.Insert(slices.Clone(file.When), rapid.IntRange(0, len(file.When)).Draw(t, "place"), st)
					want[says] = true
				}
			case 1: // the file takes it back
				if i >= 0 {
					file.When = slices.Delete(slices.Clone(file.When), i, i+1)
				}
				if i >= 0 && (at(base, says) >= 0 || at(current, says) < 0) { // what was written and not read is nothing
					delete(want, says)
				}
			case 2: // the file moves
				file.When = slices.Clone(file.When)
				slices.Reverse(file.When)
			case 3: // somebody says it elsewhere
				if at(current, says) < 0 && i < 0 {
					current.When = append(slices.Clone(current.When), on(0, says[len("on "):]))
					want[says] = true
				}
			case 4: // what was said elsewhere is written into the file, too
				if i < 0 && want[says] {
					file.When = append(slices.Clone(file.When), st)
				}
			}
			if rapid.Bool().Draw(t, "read") {
				read()
			}
		}
		read()
		got := map[string]bool{}
		for _, s := range current.When {
			if says := s.Expr.String(); got[says] {
				t.Fatalf("%s is there twice", says)
			}
			got[s.Expr.String()] = true
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("there is %v, want %v", got, want)
		}
	})
}

func TestOverruled(t *testing.T) {
	for _, c := range []struct {
		name          string
		file, current func(*Event)
		want          []string
	}{
		{"nobody", func(e *Event) { e.Status = Held }, func(e *Event) {}, nil},
		{"who said the same", func(e *Event) { e.Status = Held }, func(e *Event) { e.Status = Held }, nil},
		{"who set the status", func(e *Event) { e.Status = Held }, func(e *Event) { e.Status = Averted }, []string{"status"}},
		{"another field", func(e *Event) { e.Title = "x" }, func(e *Event) { e.Status = Averted }, nil},
		{"a list with more", func(e *Event) { e.Topics = nil }, func(e *Event) { e.Topics = append(e.Topics, "a") }, nil},
		{
			"who changed a statement",
			func(e *Event) { e.When = []Statement{named(3, "eo", "2025-11-10")} },
			func(e *Event) { e.When = []Statement{named(0, "eo", "2025-11-20")} }, []string{"when"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := deadline()
			base.When[0].ID = "eo"
			if got := Overruled(base, with(base, c.file), with(base, c.current)); !slices.Equal(got, c.want) {
				t.Errorf("overruled: %v, want %v", got, c.want)
			}
		})
	}
}
