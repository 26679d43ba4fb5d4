package phrase

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/civil"
	"attache/internal/when"
)

// anchors are times of every kind, from the shortest.
var anchors = []string{"today", "tomorrow", "Monday", "next Thursday", "15 March", "17 February 2027", "the 15th", "Good Friday", "Labor Day", "the day after tomorrow", "30 days after 15 March", "the last Friday of March", "the Monday after Easter", "the twenty-first of March", "Boxing Day", "the first day of the month following 15 March",
	"calendar week 14", "week 14 of 2027", "the weekend of 1 May 2027", "the last two weeks of May 2027", "the first ten days of next month",
	"this weekend", "this week", "next week", "the week of 9 March", "March", "May 2027", "next month", "this quarter", "the first quarter of 2027", "H2 2027", "next autumn", "summer 2027", "this year", "next year", "2030",
	"next fiscal year of Japan", "the coming weeks", "the next 2 weeks", "the next month"}

// What a limit makes of an anchor is made of the days of the anchor, whatever it is.
func TestCompose_Limits(t *testing.T) {
	for _, c := range []struct {
		word        string
		first, last func(s stretch) civil.Date
	}{
		{"by", nil, func(s stretch) civil.Date { return s.last }},
		{"no later than", nil, func(s stretch) civil.Date { return s.last }},
		{"until", nil, func(s stretch) civil.Date { return s.last }},
		{"through", nil, func(s stretch) civil.Date { return s.last }},
		{"to", nil, func(s stretch) civil.Date { return s.last }},
		{"before", nil, func(s stretch) civil.Date { return s.begins.AddDays(-1) }},
		{"ahead of", nil, func(s stretch) civil.Date { return s.begins.AddDays(-1) }},
		{"after", func(s stretch) civil.Date { return s.ends.AddDays(1) }, nil},
		{"not before", func(s stretch) civil.Date { return s.first }, nil},
		{"on or after", func(s stretch) civil.Date { return s.first }, nil},
		{"from", func(s stretch) civil.Date { return s.first }, nil},
		{"as of", func(s stretch) civil.Date { return s.first }, nil},
	} {
		for _, x := range anchors {
			p := Context{Dateline: civil.Date{Year: 2026, Month: time.January, Day: 7}, Tense: Future}
			r, err := Read(c.word+" "+x, p)
			q := newReader(p, split(x, 0, maxWords))
			q.ahead = strings.HasPrefix(c.word, "before") || strings.HasPrefix(c.word, "ahead")
			n, ok := q.noun()
			s, good := q.chosen(n)
			if !ok || !good || q.pos < len(q.words) {
				t.Fatalf("%q is no noun", x)
			}
			var want Reading
			if c.first != nil {
				want.First = c.first(s)
			}
			if c.last != nil {
				want.Last = c.last(s)
			}
			if past := !want.Last.IsZero() && want.Last.Before(p.Dateline); past {
				continue // of what goes on, nothing is before it
			}
			if err != nil || r.First != want.First || r.Last != want.Last || len(r.Options) > 0 {
				t.Errorf("%s %s is %s, %v; want %s", c.word, x, reading(r), err, reading(want))
			}
		}
	}
}

// A part of an anchor is in it, and so is the part of the part; the parts of one kind hold all
// of its days.
func TestCompose_Parts(t *testing.T) {
	kinds := [][]string{{"early X", "mid-X", "late X"}, {"the first half of X", "the second half of X"}, {"the start of X"}, {"the end of X"}, {"the first week of X"}, {"the last week of X"}, {"the last Friday of X"}, {"the first day of X", "the last day of X"}}
	contains := map[string]string{"the end of X": "late X", "the start of X": "early X"}
	for i := range 365 {
		p := Context{Dateline: civil.Date{Year: 2026, Month: time.January, Day: 1}.AddDays(i), Tense: Future}
		if i%7 != 0 && i > 14 {
			continue
		}
		for _, x := range []string{"next week", "the week of 1 July 2027", "May 2027", "next month", "the first quarter of 2027", "H2 2027", "next autumn", "summer 2027", "next year", "2030", "next fiscal year of Japan"} {
			whole, err := Read(x, p)
			if err != nil {
				t.Fatal(x, err)
			}
			for _, kind := range kinds {
				covered := whole.First.AddDays(-1)
				for _, part := range kind {
					r, err := Read(strings.Replace(part, "X", x, 1), p)
					if err != nil {
						continue // of which there is no such part
					}
					if r.First.Before(whole.First) || r.Last.After(whole.Last) {
						t.Errorf("%s: %s of %s is %s, and all of it is %s", p.Dateline, part, x, reading(r), reading(whole))
					}
					if r.First.After(covered.AddDays(1)) && len(kind) > 1 && !strings.Contains(part, "day") {
						t.Errorf("%s: %s of %s leaves out what lies before %s", p.Dateline, part, x, r.First)
					}
					covered = later(covered, r.Last)
					if wide := contains[part]; wide != "" {
						w, err := Read(strings.Replace(wide, "X", x, 1), p)
						if err != nil || r.First.Before(w.First) || r.Last.After(w.Last) {
							t.Errorf("%s: %s of %s is %s, and %s is %s, %v", p.Dateline, part, x, reading(r), wide, reading(w), err)
						}
					}
				}
				if len(kind) > 1 && !strings.Contains(kind[0], "day") && covered.Before(whole.Last) {
					t.Errorf("%s: the parts %q of %s end on %s and not on %s", p.Dateline, kind, x, covered, whole.Last)
				}
			}
		}
	}
}

// A distance is counted from the days of what it is counted from.
func TestCompose_Distances(t *testing.T) {
	p := Context{Dateline: civil.Date{Year: 2026, Month: time.January, Day: 7}, Tense: Future}
	for _, x := range []string{"today", "tomorrow", "Monday", "15 March", "17 February 2027", "the 15th", "Good Friday", "the last Friday of March"} {
		base, err := Read(x, p)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			words string
			of    func(d civil.Date) (first, last civil.Date)
		}{
			{"30 days after X", func(d civil.Date) (first, last civil.Date) { return d.AddDays(30), d.AddDays(30) }},
			{"two weeks before X", func(d civil.Date) (first, last civil.Date) { return d.AddDays(-14), d.AddDays(-14) }},
			{"3 months from X", func(d civil.Date) (first, last civil.Date) { return d.AddMonths(3), d.AddMonths(3) }},
			{"the day after X", func(d civil.Date) (first, last civil.Date) { return d.AddDays(1), d.AddDays(1) }},
			{"the eve of X", func(d civil.Date) (first, last civil.Date) { return d.AddDays(-1), d.AddDays(-1) }},
			{"10 to 14 days after X", func(d civil.Date) (first, last civil.Date) { return d.AddDays(10), d.AddDays(14) }},
			{"within a week of X", func(d civil.Date) (first, last civil.Date) { return d.AddDays(-7), d.AddDays(7) }},
			{"within 10 days after X", func(d civil.Date) (first, last civil.Date) { return d, d.AddDays(10) }},
			{"no more than 10 days before X", func(d civil.Date) (first, last civil.Date) { return d.AddDays(-10), d }},
			{"at least 10 days after X", func(d civil.Date) (first, last civil.Date) { return d.AddDays(10), civil.Date{} }},
			{"at least 10 days before X", func(d civil.Date) (first, last civil.Date) { return civil.Date{}, d.AddDays(-10) }},
			{"by 10 days after X", func(d civil.Date) (first, last civil.Date) { return civil.Date{}, d.AddDays(10) }},
		} {
			r, err := Read(strings.Replace(c.words, "X", x, 1), p)
			first, _ := c.of(base.First)
			_, last := c.of(base.Last)
			if err != nil || r.First != first || r.Last != last {
				t.Errorf("%s of %s is %s, %v; want %s to %s", c.words, x, reading(r), err, first, last)
			}
		}
	}
}

// grammar draws a phrase of the grammar.
func grammar(t *rapid.T) string {
	anchor := func() string { return rapid.SampledFrom(anchors).Draw(t, "anchor") }
	part := rapid.SampledFrom([]string{"", "", "", "early ", "mid-", "late ", "the first half of ", "the second half of ", "the end of ", "the start of ", "the third week of ", "the last Friday of ", "later ", "the rest of ", "the day after ", "two weeks before ", "30 days after ", "a week on ", "the eve of ", "within 10 days of ", "in ", "the past ", "last ", "this "}).Draw(t, "part")
	limit := rapid.SampledFrom([]string{"", "", "", "by ", "before ", "after ", "until ", "to ", "from ", "since ", "not before ", "on or before ", "around ", "at least 3 days after ", "effective ", "noon GMT on ", "midnight on "}).Draw(t, "limit")
	phrase := limit + part + anchor()
	switch rapid.IntRange(0, 9).Draw(t, "form") {
	case 0:
		return phrase + rapid.SampledFrom([]string{" to ", " or ", " and ", "–"}).Draw(t, "joint") + anchor()
	case 1:
		return rapid.SampledFrom([]string{"from ", "between "}).Draw(t, "opening") + anchor() + rapid.SampledFrom([]string{" to ", " and "}).Draw(t, "joint") + part + anchor()
	case 2:
		return phrase + rapid.SampledFrom([]string{" at the latest", " or later", " morning", " at 10:45 GMT", " at noon Brussels time"}).Draw(t, "behind")
	case 3:
		return fmt.Sprintf("%s, %s%s", part+anchor(), rapid.SampledFrom([]string{"before ", "by ", "after "}).Draw(t, "second"), anchor())
	}
	return phrase
}

func TestCompose_Laws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := civil.Date{Year: 2024, Month: time.January, Day: 1}.AddDays(rapid.IntRange(0, 1500).Draw(t, "dateline"))
		p := Context{Dateline: d, Tense: rapid.SampledFrom([]Tense{Unsaid, Past, Future}).Draw(t, "tense"), South: rapid.Bool().Draw(t, "south")}
		phrase := grammar(t)
		checkReading(t, phrase, p)
		if r, err := Read(phrase, p); err == nil {
			if err := r.Expr().Check(); err != nil {
				t.Fatalf("%s: %q is %s: %v", d, phrase, reading(r), err)
			}
			if e, err := when.Parse(r.Expr().String()); err != nil || e.String() != r.Expr().String() {
				t.Fatalf("%s: %q is %s, which is read as %s, %v", d, phrase, r.Expr(), e, err)
			}
		}
	})
}

// A day later in the calendar by weeks alone, what is counted in days and weeks moves with it.
func TestCompose_Shift(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := civil.Date{Year: 2024, Month: time.January, Day: 1}.AddDays(rapid.IntRange(0, 1500).Draw(t, "dateline"))
		p := Context{Dateline: d, Tense: rapid.SampledFrom([]Tense{Unsaid, Past, Future}).Draw(t, "tense")}
		phrase := rapid.SampledFrom([]string{"", "by ", "before ", "after ", "until ", "from ", "around ", "a week on ", "the day after ", "within 10 days of ", "noon GMT on "}).Draw(t, "limit") +
			rapid.SampledFrom([]string{"today", "tomorrow", "Monday", "Thursday morning", "next Sunday", "last Friday", "this week", "next week", "late next week", "last week", "this weekend", "next weekend", "the week after next", "the end of the week", "midweek", "the coming days", "in 3 weeks", "within 10 days", "2 weeks ago", "Monday to Thursday", "overnight Sunday to Monday"}).Draw(t, "anchor")
		a, err := Read(phrase, p)
		p.Dateline = d.AddDays(7)
		b, again := Read(phrase, p)
		if (err == nil) != (again == nil) {
			t.Fatalf("%s: %q: %v, and a week later %v", d, phrase, err, again)
		}
		if err != nil {
			return
		}
		moved := a
		move := func(d civil.Date) civil.Date {
			if d.IsZero() {
				return d
			}
			return d.AddDays(7)
		}
		moved.First, moved.Last, moved.Options = move(a.First), move(a.Last), nil
		for _, o := range a.Options {
			moved.Options = append(moved.Options, Days{move(o.First), move(o.Last)})
		}
		if reading(moved) != reading(b) {
			t.Fatalf("%s: %q is %s, and a week later %s", d, phrase, reading(a), reading(b))
		}
	})
}

// What was and what is to come share no more than the day of the dateline.
func TestCompose_Tenses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := civil.Date{Year: 2024, Month: time.January, Day: 1}.AddDays(rapid.IntRange(0, 1500).Draw(t, "dateline"))
		phrase := rapid.SampledFrom([]string{"", "early ", "mid-", "late ", "the first half of ", "the end of ", "the third week of ", "the last Friday of ", "the week of "}).Draw(t, "part") +
			rapid.SampledFrom([]string{"Monday", "Friday evening", "15 March", "29 February", "the 15th", "March", "November", "Q2", "the second half", "this autumn", "Easter", "Lunar New Year", "9 to 12 March", "April or May", "this week", "this month", "this May"}).Draw(t, "anchor")
		past, err1 := Read(phrase, Context{Dateline: d, Tense: Past})
		next, err2 := Read(phrase, Context{Dateline: d, Tense: Future})
		if err1 != nil || err2 != nil || past.Lasts || strings.Contains(phrase, " or ") {
			return
		}
		for _, o := range append(past.Options, Days{past.First, past.Last}) {
			if o.Last.After(d) {
				t.Fatalf("%s: %q was %s", d, phrase, reading(past))
			}
		}
		if next.First.Before(d) {
			t.Fatalf("%s: %q will be %s", d, phrase, reading(next))
		}
		either, err := Read(phrase, Context{Dateline: d})
		if err != nil || len(either.Options) > 1 {
			return // both are given, or the tense is asked for
		}
		if reading(either) != reading(next) {
			t.Fatalf("%s: %q without a tense is %s, and will be %s", d, phrase, reading(either), reading(next))
		}
	})
}

// What says more allows less: each phrase allows all that those behind it do.
func TestCompose_MoreExactly(t *testing.T) {
	chains := [][]string{
		{"next year", "early next year", "the start of next year", "January next year", "early January next year", "5 January next year"},
		{"2027", "the first half of 2027", "the first quarter of 2027", "March 2027", "the second half of March 2027", "late March 2027", "the end of March 2027", "31 March 2027"},
		{"next month", "the second half of next month", "late next month", "the end of next month", "the last day of next month"},
		{"within 2 months", "within 3 weeks", "within 20 days", "in 20 days"},
		{"within 2 weeks", "within 10 days", "tomorrow"},
		{"in 2 weeks", "in 14 days"}, {"the coming weeks", "the coming days", "tomorrow"},
		{"by 2030", "by the end of 2029", "by June 2029", "by mid-June 2029", "by 12 June 2029", "before 12 June 2029"},
		{"from 2027", "from March 2027", "not before mid-March 2027", "after 20 March 2027"},
		{"between March 2027 and June 2027", "May 2027", "12 to 15 May 2027"},
		{"April 2027 or May 2027", "early April 2027", "3 or 4 April 2027", "4 April 2027"},
		{"next week", "late next week", "the end of next week"},
		{"autumn 2027", "October 2027"}, {"around 15 March 2027", "15 March 2027"}, {"around March 2027", "March 2027"},
		{"overnight", "tonight"}, {"the first week of March 2027", "2 March 2027"},
		{"March 2027", "the last two weeks of March 2027", "the last week of March 2027", "the last three days of March 2027", "31 March 2027"},
		{"the first half of 2027", "the first four months of 2027", "the first quarter of 2027", "the first two weeks of 2027", "the first week of 2027", "the first of January 2027"},
		{"late May 2027", "the last ten days of May 2027", "the last few days of May 2027", "the thirty-first of May 2027"},
		{"week 14 of 2027", "calendar week 14 of 2027", "7 April 2027"}, {"weeks 14 to 16 of 2027", "KW 14-16/2027", "KW 15 of 2027"},
		{"the last weekend of May 2027", "30 May 2027"}, {"May or June 2027", "late May/early June 2027"},
		{"within two weeks of the end of June 2027", "two weeks after the end of June 2027"},
		{"2 April 2027", "between 9 and 11 a.m. UTC on 2 April 2027", "from 9:30 to 10 a.m. UTC on 2 April 2027"},
		{"the next year", "next year"}, {"the next week", "next week"}, {"the next month", "within 3 weeks"},
	}
	for i := range 60 {
		p := Context{Dateline: civil.Date{Year: 2026, Month: time.January, Day: 1}.AddDays(6 * i), Tense: Future}
		for _, chain := range chains {
			var wide days
			for j, phrase := range chain {
				r, err := Read(phrase, p)
				if err != nil {
					t.Fatalf("%s: %q: %v", p.Dateline, phrase, err)
				}
				got := daysOf(r.window())
				if j > 0 && !wide.holds(got) {
					t.Errorf("%s: %q allows %s, and %q %s", p.Dateline, chain[j-1], wide, phrase, got)
				}
				wide = got
			}
		}
	}
}
