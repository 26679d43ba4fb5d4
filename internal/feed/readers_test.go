package feed_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	golang "github.com/arran4/golang-ical"
	"github.com/emersion/go-ical"
	"pgregory.net/rapid"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/feed"
	"attache/internal/feed/lint"
	"attache/internal/prose"
	"attache/internal/when"
)

// row is what a reader shows of an event.
type row struct {
	uid, summary, start, end, status, place string
	description                             string
}

// table reads data with go-ical and with golang-ical, which have to agree.
func table(t testing.TB, data []byte) []row {
	t.Helper()
	one, two := emersion(t, data), arran(t, data)
	if !slices.Equal(one, two) {
		t.Fatalf("readers differ:\n%q\n%q\n%s", one, two, data)
	}
	return one
}

func emersion(t testing.TB, data []byte) []row {
	t.Helper()
	dec := ical.NewDecoder(bytes.NewReader(data))
	cal, err := dec.Decode()
	if err != nil {
		t.Fatalf("go-ical: %v\n%s", err, data)
	}
	var out []row
	for _, e := range cal.Events() {
		text := func(name string) string {
			p := e.Props.Get(name)
			if p == nil {
				return ""
			}
			s, err := p.Text()
			if err != nil {
				t.Fatalf("go-ical: %s: %v", name, err)
			}
			return s
		}
		from, err := e.DateTimeStart(time.UTC)
		if err != nil {
			t.Fatalf("go-ical: %v", err)
		}
		to, err := e.DateTimeEnd(time.UTC)
		if err != nil {
			t.Fatalf("go-ical: %v", err)
		}
		out = append(out, row{text("UID"), text("SUMMARY"), from.Format(time.RFC3339), to.Format(time.RFC3339), text("STATUS"), text("LOCATION"), text("DESCRIPTION")})
	}
	return out
}

func arran(t testing.TB, data []byte) []row {
	t.Helper()
	cal, err := golang.ParseCalendar(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("golang-ical: %v\n%s", err, data)
	}
	var out []row
	for _, e := range cal.Events() {
		text := func(name golang.ComponentProperty) string {
			if p := e.GetProperty(name); p != nil {
				return p.Value
			}
			return ""
		}
		moment := func(name golang.ComponentProperty) string {
			p := e.GetProperty(name)
			if p == nil { // a moment ends as it begins
				p = e.GetProperty(golang.ComponentPropertyDtStart)
			}
			layout := "20060102T150405Z"
			if slices.Contains(p.ICalParameters["VALUE"], "DATE") {
				layout = "20060102"
			}
			at, err := time.Parse(layout, p.Value)
			if err != nil {
				t.Fatalf("golang-ical: %v", err)
			}
			return at.Format(time.RFC3339)
		}
		out = append(out, row{
			text(golang.ComponentPropertyUniqueId), text(golang.ComponentPropertySummary),
			moment(golang.ComponentPropertyDtStart), moment(golang.ComponentPropertyDtEnd),
			text(golang.ComponentPropertyStatus), text(golang.ComponentPropertyLocation), text(golang.ComponentPropertyDescription),
		})
	}
	return out
}

// anyText draws texts in which feeds are known to break.
var anyText = rapid.OneOf(
	rapid.String(),
	rapid.StringMatching(`[a-z ,;:\\"^<>]{0,120}`),
	rapid.SampledFrom([]string{"a\r\nBEGIN:VEVENT", "\x00\a\x7f", "bad\xff\xc3", "👨‍👩‍👧‍👦, " + strings.Repeat("👩🏽‍🚀", 30), strings.Repeat("é\\,", 60), "\uFEFFx", "\u2028"}),
)

func anyDate(t *rapid.T) string {
	day := civil.Date{Year: 2026, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 900).Draw(t, "day"))
	last := day.AddDays(rapid.IntRange(1, 60).Draw(t, "days"))
	clock := fmt.Sprintf("%02d:%02d", rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute"))
	return rapid.SampledFrom([]string{
		"on " + day.String(),
		"at " + day.String() + " " + clock,
		"at " + day.String() + " " + clock + " lasting 90 minutes",
		"from " + day.String() + " to " + last.String(),
		"between " + day.String() + " and " + last.String(),
		"before " + day.String(),
		"tbd",
	}).Draw(t, "date")
}

func anyEntry(t *rapid.T, id string) agenda.Entry {
	e := event.Event{
		ID: id, Title: anyText.Draw(t, "title"), Place: anyText.Draw(t, "place"), Note: anyText.Draw(t, "note"), Reason: anyText.Draw(t, "reason"),
		Kind:      rapid.SampledFrom(event.Kinds()).Draw(t, "kind"),
		Zone:      rapid.SampledFrom([]string{"UTC", "Asia/Seoul", "America/New_York", "Pacific/Apia", "+05:45"}).Draw(t, "zone"),
		Certainty: rapid.SampledFrom(event.Certainties()).Draw(t, "certainty"),
		Status:    rapid.SampledFrom(event.Statuses()).Draw(t, "status"),
		Sources:   []event.Citation{{Source: "page", Quote: anyText.Draw(t, "quote")}},
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "links") {
		to := fmt.Sprint("e", rapid.IntRange(0, 6).Draw(t, fmt.Sprint("link", i)))
		e.Links = append(e.Links, event.Link{Rel: rapid.SampledFrom(event.Relations()).Draw(t, "relation"), To: to})
	}
	return entryOf(e, anyDate(t))
}

// expected returns what readers have to show of list, worked out from the windows
// alone.
func expected(list []agenda.Entry, how feed.Windows) []row {
	var out []row
	for _, e := range list {
		w := e.Window
		if w.Precision == when.None {
			continue
		}
		add := func(suffix string, from, to time.Time) {
			out = append(out, row{uid: e.UID + suffix, start: from.UTC().Format(time.RFC3339), end: to.UTC().Format(time.RFC3339)})
		}
		day := func(d civil.Date) (from, to time.Time) { return midnight(d), midnight(d.AddDays(1)) }
		wide := !w.Settled()
		switch {
		case !w.Earliest.Known() || !w.Latest.Known():
			if how != feed.Hidden && w.Latest.Known() {
				last := w.Latest.Day
				if on := civil.DateOf(e.Modified, w.Location()); e.Status.TookPlace() && on.Before(last) {
					last = on
				}
				from, to := day(last)
				add("-latest", from, to)
			} else if how != feed.Hidden {
				from, to := day(w.Earliest.Day)
				add("-opens", from, to)
			}
		case w.Precision == when.Instant:
			to := w.EndsLatest.At
			moment := e.Kind == event.Deadline || e.Kind == event.Measure || e.Kind == event.Announcement
			if to.Equal(w.Earliest.At) && !moment {
				to = to.Add(30 * time.Minute)
			}
			add("", w.Earliest.At, to)
		case wide && how == feed.Hidden:
		case wide && how != feed.Spans && w.Latest.Day.Sub(w.Earliest.Day) >= 14:
			from, to := day(w.Earliest.Day)
			add("-opens", from, to)
			if from, to = day(w.Latest.Day); !e.Status.TookPlace() {
				add("-latest", from, to)
			}
		default:
			add("", midnight(w.Earliest.Day), midnight(w.EndsLatest.Day.AddDays(1)))
		}
	}
	slices.SortFunc(out, func(a, b row) int { return strings.Compare(a.start+" "+a.uid, b.start+" "+b.uid) })
	return out
}

func midnight(d civil.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// anyOptions draws how a feed shows its events.
func anyOptions(t *rapid.T) feed.Options {
	o := feed.Options{
		Windows:   rapid.SampledFrom([]feed.Windows{"", feed.Edges, feed.Spans, feed.Hidden}).Draw(t, "windows"),
		Cancelled: rapid.SampledFrom([]feed.Cancelled{"", feed.ByBoth, feed.ByStatus, feed.ByTitle}).Draw(t, "cancelled"),
	}
	if rapid.Bool().Draw(t, "alarms") {
		o.Alarms = []feed.Alarm{{Name: "7d", Days: 7}, {Name: "90m", Before: 90 * time.Minute}}
	}
	return o
}

func TestRender_ReadsBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var list []agenda.Entry
		for i := range rapid.IntRange(0, 6).Draw(rt, "events") {
			list = append(list, anyEntry(rt, fmt.Sprint("e", i)))
		}
		o := anyOptions(rt)
		b, problems := feed.Render(feed.Feed{Name: "all", Title: anyText.Draw(rt, "name"), Options: o}, itemsOf(list...), world())
		if len(problems) > 0 {
			rt.Fatalf("problems: %v", problems)
		}
		if found := lint.Check(b.Plain); len(found) > 0 {
			rt.Fatalf("%v\n%s", found, b.Plain)
		}
		got := table(t, b.Plain)
		want := expected(list, o.Windows)
		if len(got) != b.Entries || len(got) != len(want) {
			rt.Fatalf("%d entries were read of %d, want %d", len(got), b.Entries, len(want))
		}
		for i, want := range want {
			g := got[i]
			if g.uid != want.uid || g.start != want.start || g.end != want.end {
				rt.Errorf("entry %d is %+v, want %+v", i, g, want)
			}
			checkWords(rt, list, g, o)
		}
	})
}

// checkWords checks that the title comes through whole, whatever stands around it, and
// that the status fits.
func checkWords(t *rapid.T, list []agenda.Entry, got row, o feed.Options) {
	i := slices.IndexFunc(list, func(e agenda.Entry) bool { return strings.HasPrefix(got.uid, e.UID) })
	e := list[i]
	title := prose.CleanLine(e.Title)
	if title == "" {
		title = e.ID
	}
	if len(title) < 900 && !strings.Contains(got.summary, title) {
		t.Errorf("summary %q does not hold the title %q", got.summary, title)
	}
	if got.place != prose.CleanLine(e.Place) {
		t.Errorf("place %q, want %q", got.place, prose.CleanLine(e.Place))
	}
	if cancelled := got.status == "CANCELLED"; cancelled != (e.Status.CalledOff() && o.Cancelled != feed.ByTitle) {
		t.Errorf("%s is %s", e.Status, got.status)
	}
	if got.status == "CONFIRMED" && !e.Window.Settled() && !e.Status.CalledOff() {
		t.Errorf("a window is confirmed")
	}
}

var corpus = flag.String("corpus", "", "write feeds of any events into this folder, with what readers have to show of them")

// TestRender_OtherReaders writes feeds for readers that are not Go:
//
//	go test ./internal/feed -run OtherReaders -corpus FOLDER
func TestRender_OtherReaders(t *testing.T) {
	if *corpus == "" {
		t.Skip("no folder given with -corpus")
	}
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		var list []agenda.Entry
		for i := range rapid.IntRange(1, 8).Draw(rt, "events") {
			list = append(list, anyEntry(rt, fmt.Sprint("e", i)))
		}
		b, _ := feed.Render(feed.Feed{Name: "all", Title: anyText.Draw(rt, "name"), Options: anyOptions(rt)}, itemsOf(list...), world())
		rows := []map[string]string{}
		for _, r := range table(t, b.Plain) {
			rows = append(rows, map[string]string{
				"uid": r.uid, "summary": r.summary, "start": r.start, "end": r.end, "status": r.status, "place": r.place, "description": r.description,
			})
		}
		text, err := json.Marshal(rows)
		if err != nil {
			rt.Fatal(err)
		}
		name := filepath.Join(*corpus, fmt.Sprintf("%03d", n))
		n++
		if err := errors.Join(os.WriteFile(name+".ics", b.Plain, 0o644), os.WriteFile(name+".json", text, 0o644)); err != nil {
			rt.Fatal(err)
		}
	})
}

func TestFingerprint_Changes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := anyEntry(rt, "e0")
		b := a
		switch rapid.IntRange(0, 9).Draw(rt, "edit") {
		case 0:
			b = anyEntry(rt, "e0")
		case 1:
			b.Title = anyText.Draw(rt, "other title")
		case 2:
			b.Place = anyText.Draw(rt, "other place")
		case 3:
			b.Status = rapid.SampledFrom(event.Statuses()).Draw(rt, "other status")
		case 4:
			b.Sources = append(slices.Clone(b.Sources), event.Citation{Source: "page", Quote: anyText.Draw(rt, "another quote")})
		case 5:
			b.Topics, b.People, b.Origin.Line, b.Revision = []string{"tariffs"}, []string{"somebody"}, 7, 9
		case 6:
			b.Modified = b.Modified.Add(time.Hour)
		case 7:
			b.Created = b.Created.Add(time.Second)
		case 8:
			b.Note = anyText.Draw(rt, "other note")
		case 9:
			b.Links = nil
		}
		f := feed.Feed{Name: "all", Options: anyOptions(rt)}
		other := entryOf(event.Event{ID: "e1"}, "2026-01-01")
		octets := func(e agenda.Entry) []byte {
			b, _ := feed.Render(f, itemsOf(e, other), world())
			return b.Plain
		}
		same := fingerprint(f, a, other) == fingerprint(f, b, other)
		if published := bytes.Equal(octets(a), octets(b)); same != published {
			rt.Errorf("same fingerprint: %v, same octets: %v\n%s\n%s", same, published, octets(a), octets(b))
		}
	})
}

func TestFingerprint_Stamps(t *testing.T) {
	list := report()
	items := itemsOf(list...)
	before, _ := feed.Render(feed.Feed{Name: "all"}, items, world())
	for i := range items {
		items[i].Sequence, items[i].Stamp = 4, written.Add(time.Hour)
	}
	after, _ := feed.Render(feed.Feed{Name: "all"}, items, world())
	strip := func(data []byte) string {
		var kept []string
		for _, l := range strings.Split(strings.ReplaceAll(string(data), "\r\n ", ""), "\r\n") {
			if !strings.HasPrefix(l, "SEQUENCE:") && !strings.HasPrefix(l, "DTSTAMP:") && !strings.HasPrefix(l, "LAST-MODIFIED:") && !strings.Contains(l, "Last change") {
				kept = append(kept, l)
			}
		}
		return strings.Join(kept, "\n")
	}
	if bytes.Equal(before.Plain, after.Plain) || strip(before.Plain) != strip(after.Plain) {
		t.Error("sequence and stamp changed nothing, or something else too")
	}
}

func FuzzRender(f *testing.F) {
	for _, e := range oddities() {
		f.Add(e.Title, e.Place, e.Note, "2026-05-01", uint8(3))
	}
	f.Add("t", "p", "q", "at 2026-05-01 10:00 in Asia/Seoul", uint8(0))
	f.Add("t", "p", "q", "between 9999-12-01 and 9999-12-31", uint8(7))
	f.Fuzz(func(t *testing.T, title, place, quote, date string, pick uint8) {
		expr, err := when.Parse(date)
		if err != nil {
			t.Skip()
		}
		e := event.Event{ID: "x", Title: title, Place: place, Zone: "Asia/Seoul", When: []event.Statement{{Expr: expr, Source: title, Quote: quote, Phrase: place}}}
		e.Kind = event.Kinds()[int(pick)%len(event.Kinds())]
		e.Status = event.Statuses()[int(pick/8)%len(event.Statuses())]
		e.Certainty = event.Certainty(place)
		c := world()
		c.Sources = map[string]event.Source{title: {Title: quote, URL: place}}
		c.PageBase = "https://attache.example/" + place
		b, _ := feed.Render(feed.Feed{Name: place, Title: title, Zone: place, PublicURL: quote}, itemsOf(entryOf(e)), c)
		if found := lint.Check(b.Plain); len(found) > 0 {
			t.Fatalf("%v\n%s", found, b.Plain)
		}
		if got := table(t, b.Plain); len(got) != b.Entries {
			t.Fatalf("%d events were read of %d", len(got), b.Entries)
		}
	})
}
