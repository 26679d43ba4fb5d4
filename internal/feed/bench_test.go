package feed

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	goical "github.com/emersion/go-ical"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/source/ical"
	"attache/internal/when"
)

// many returns n events of the forms that dates have.
func many(n int) ([]*Item, Context) {
	at := time.Date(2025, 10, 26, 18, 0, 0, 0, time.UTC)
	items := make([]*Item, n)
	for i := range items {
		day := civil.Date{Year: 2026, Month: 1, Day: 1}.AddDays(i % 700)
		form := []string{day.String(), day.String() + " 10:00", "between " + day.String() + " and " + day.AddDays(20).String(), "from " + day.String() + " lasting 3 days"}[i%4]
		expr, err := when.Parse(form)
		if err != nil {
			panic(err)
		}
		e := event.Event{
			ID: fmt.Sprint("event-", i), Title: fmt.Sprintf("Example talks, round %d", i), Kind: event.Talks, Zone: "UTC", Place: "Kuala Lumpur",
			Certainty: event.Likely, Status: event.Open, When: []event.Statement{{Expr: expr}},
			Sources: []event.Citation{{Source: "s", Quote: "a sentence of about the length that quotes tend to have; it goes on, and on, to here"}},
		}
		entry := agenda.Compute(event.First(e, event.Author{}, at), e.ID+"@attache.example", at)
		items[i] = &Item{Entry: &entry, Stamp: at}
	}
	return items, Context{Sources: map[string]event.Source{"s": {Title: "A source", Publisher: "A publisher"}}, PageBase: "https://attache.example"}
}

var sizes = []int{100, 1000, 10_000}

func BenchmarkRender(b *testing.B) {
	for _, n := range sizes {
		items, c := many(n)
		f := Feed{Name: "all", Title: "Diplomatic calendar", Options: Options{Windows: Spans}}
		b.Run(fmt.Sprint("plain and gzip/", n), func(b *testing.B) {
			for b.Loop() {
				Render(f, items, c)
			}
		})
		l := NewLayout(f, items, c, nil)
		b.Run(fmt.Sprint("entries/", n), func(b *testing.B) {
			var events []byte
			for b.Loop() {
				w := newWriter(l)
				events = events[:0]
				for _, p := range l.list {
					events = w.entry(events, p, p.Item)
				}
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "events/s")
		})
		b.Run(fmt.Sprint("the same with go-ical/", n), func(b *testing.B) {
			for b.Loop() {
				tree(b, l)
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "events/s")
		})
		b.Run(fmt.Sprint("fingerprints/", n), func(b *testing.B) {
			for b.Loop() {
				for i := range items {
					l.Fingerprint(l.list[i].Item)
				}
			}
		})
		b.Run(fmt.Sprint("verify/", n), func(b *testing.B) {
			var events []byte
			var uids []string
			w := newWriter(l)
			for _, p := range l.list {
				events, uids = w.entry(events, p, p.Item), append(uids, p.uid)
			}
			for b.Loop() {
				if err := ical.Verify(events, uids); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// tree builds the same events as one go-ical calendar and encodes that, which
// neither folds nor compresses.
func tree(b *testing.B, l *Layout) {
	cal := goical.NewCalendar()
	cal.Props.SetText(goical.PropVersion, "2.0")
	cal.Props.SetText(goical.PropProductID, product)
	for _, p := range l.list {
		cal.Children = append(cal.Children, componentOf(l, p))
	}
	var out bytes.Buffer
	if err := goical.NewEncoder(&out).Encode(cal); err != nil {
		b.Fatal(err)
	}
}

// componentOf returns p as go-ical has it.
func componentOf(l *Layout, p *vevent) *goical.Component {
	e := goical.NewComponent(goical.CompEvent)
	put := func(name, value string) {
		if value != "" {
			e.Props.Add(&goical.Prop{Name: name, Value: value, Params: goical.Params{}})
		}
	}
	at := stamp(p.Stamp)
	put("UID", escape(p.uid))
	put("DTSTAMP", at)
	put("LAST-MODIFIED", at)
	put("CREATED", stamp(p.Entry.Created))
	put("SEQUENCE", fmt.Sprint(p.Sequence))
	for name, t := range map[string]time.Time{"DTSTART": p.interval.start, "DTEND": p.interval.end} {
		prop := goical.NewProp(name)
		if prop.SetDateTime(t); p.interval.allDay {
			prop.SetDate(t)
		}
		e.Props.Set(prop)
	}
	put("SUMMARY", escape(summary(p, l.feed.Options)))
	put("DESCRIPTION", escape(description(p, l.feed.Options, l.context, p.Stamp)))
	put("LOCATION", escape(prose.CleanLine(p.Entry.Place)))
	put("URL", l.context.page(p.Entry.ID))
	put("CATEGORIES", categories(p.Entry))
	put("COLOR", color(p.Entry.Kind))
	put("STATUS", status(p, l.feed.Options))
	put("TRANSP", "TRANSPARENT")
	put("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
	put("X-ATTACHE-CERTAINTY", escape(prose.CleanLine(string(p.Entry.Certainty))))
	put("X-ATTACHE-EARLIEST", bound(p.Entry.Window.Earliest))
	put("X-ATTACHE-LATEST", bound(p.Entry.Window.Latest))
	put("X-ATTACHE-EDTF", escape(edtf(p.Entry)))
	return e
}
