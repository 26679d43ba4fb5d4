package feed

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/emersion/go-ical"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/when"
)

// many gives n events of the forms that dates have.
func many(n int) ([]Item, Context) {
	at := time.Date(2025, 10, 26, 18, 0, 0, 0, time.UTC)
	items := make([]Item, n)
	for i := range items {
		day := when.Date{Year: 2026, Month: 1, Day: 1}.AddDays(i % 700)
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
		items[i] = Item{Entry: agenda.Compute(event.First(e, event.Author{}, at), e.ID+"@attache.example", at), Stamp: at}
	}
	return items, Context{Sources: map[string]event.Source{"s": {Title: "A source", Publisher: "A publisher"}}, PageBase: "https://attache.example"}
}

func BenchmarkRender(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		items, c := many(n)
		f := Feed{Name: "all", Title: "Diplomatic calendar"}
		b.Run(fmt.Sprint("plain and gzip/", n), func(b *testing.B) {
			for b.Loop() {
				Render(f, items, c)
			}
		})
		b.Run(fmt.Sprint("plain/", n), func(b *testing.B) {
			for b.Loop() {
				list, _, _ := admit(items, c)
				_, events, _ := encodeAll(list, c)
				b.SetBytes(int64(len(assemble(f, events))))
			}
		})
		b.Run(fmt.Sprint("go-ical tree/", n), func(b *testing.B) {
			for b.Loop() {
				tree(b, items, c)
			}
		})
		b.Run(fmt.Sprint("fingerprints/", n), func(b *testing.B) {
			for b.Loop() {
				for _, it := range items {
					Fingerprint(it.Entry, c)
				}
			}
		})
	}
}

// tree builds the same events as one go-ical calendar and encodes that, which
// neither folds nor compresses.
func tree(b *testing.B, items []Item, c Context) {
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, product)
	list, _, _ := admit(items, c)
	for _, p := range list {
		w := newWriter()
		w.event(p.Entry, p.slot, c)
		w.stamps(p.Item)
		cal.Children = append(cal.Children, w.comp)
	}
	var out bytes.Buffer
	if err := ical.NewEncoder(&out).Encode(cal); err != nil {
		b.Fatal(err)
	}
}
