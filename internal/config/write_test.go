package config

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

func TestWrite_ReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ -~äß“”日本:#'"\[\]{}|>&*!%@,-]{1,40}x`)
		day := civil.Date{Year: 2026, Month: 2, Day: rapid.IntRange(1, 28).Draw(t, "day")}
		exprs := []when.Expr{
			{Form: when.TBD},
			{Form: when.On, A: when.Point{Period: civil.Day(day)}},
			{Form: when.From, A: when.Point{Period: civil.Day(day)}, B: when.Point{Period: civil.Day(day.AddDays(3))}},
			{Form: when.Between, A: when.Point{Period: civil.Day(day)}, B: when.Point{Period: civil.Day(day.AddDays(3))}},
			{Form: when.By, A: when.Point{Period: civil.Day(day)}},
			{Form: when.Before, A: when.Point{Period: civil.Day(day)}},
			{Form: when.After, A: when.Point{Period: civil.Day(day)}},
			{Form: when.NotBefore, A: when.Point{Period: civil.Day(day)}},
			{Form: when.EndsBy, A: when.Point{Period: civil.Day(day)}},
			{Form: when.Extended, EDTF: "[2026-01-15,2026-02-10]"},
			{Form: when.Extended, EDTF: "2026-02~"},
			{Form: when.At, A: when.Point{Period: civil.Day(day), Timed: true, Clock: civil.Clock{Hour: 9}}, Zone: "-04:00"},
			{Form: when.At, A: when.Point{Period: civil.Day(day), Timed: true, Clock: civil.Clock{Hour: 23, Minute: 5}}, Zone: "Asia/Seoul", Lasts: when.Length{Minutes: 90}},
			{Form: when.On, A: when.Point{Period: civil.Day(day)}, Recurs: when.Recurs{Rule: "FREQ=MONTHLY;COUNT=6", Except: "2026-03-06, 2026-04-03", Also: "2026-03-11"}},
			{Form: when.At, A: when.Point{Period: civil.Day(day), Timed: true, Clock: civil.Clock{Hour: 9}}, Zone: "Asia/Seoul", Recurs: when.Recurs{Rule: "FREQ=WEEKLY", Also: "2026-03-11 08:30"}},
		}
		e := event.Event{
			ID: "talks-7", Title: text.Draw(t, "title"), Kind: event.Talks, Zone: "Asia/Shanghai", Certainty: event.Likely, Status: event.Cancelled,
			Reason: text.Draw(t, "reason"), Place: text.Draw(t, "place"), Topics: []string{text.Draw(t, "topic"), "2026-02-17"}, Note: text.Draw(t, "line") + "\n" + text.Draw(t, "line"),
			When: []event.Statement{{Expr: rapid.SampledFrom(exprs).Draw(t, "when"), Source: "wto", Quote: text.Draw(t, "quote")}},
		}
		var b bytes.Buffer
		if err := Write(&b, Calendar{Sources: []event.Source{{Key: "wto", Title: text.Draw(t, "source"), Timezone: "Europe/Zurich"}}, Events: []event.Event{e}}); err != nil {
			t.Fatal(err)
		}
		got := CheckFiles(nil, Document{"new.yaml", b.Bytes()})
		if len(got.Errors) > 0 || len(got.Calendar.Events) != 1 {
			t.Fatalf("%v in\n%s", got.Errors, b.String())
		}
		if e.When[0].Expr.IsTBD() {
			e.When[0].Source, e.When[0].Quote = "", ""
		}
		if changed := event.Changed(e, got.Calendar.Events[0]); len(changed) > 0 {
			t.Fatalf("%v differ:\n%s", changed, b.String())
		}
	})
}
