package agenda

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

func TestPhase_OfDaysIsThatOfInstants(t *testing.T) {
	october := time.Date(2025, 10, 26, 18, 0, 0, 0, time.UTC)
	zones := []string{"Pacific/Kiritimati", "America/New_York", "Asia/Seoul", "UTC", "-12:00"}
	rapid.Check(t, func(t *rapid.T) {
		first := civil.Date{Year: 2025, Month: 10, Day: 26}.AddDays(rapid.IntRange(-6, 6).Draw(t, "first"))
		last := first.AddDays(rapid.IntRange(0, 6).Draw(t, "length"))
		forms := []when.Expr{
			{Form: when.On, A: when.Point{Period: civil.Day(first)}},
			{Form: when.Between, A: when.Point{Period: civil.Day(first)}, B: when.Point{Period: civil.Day(last)}},
			{Form: when.From, A: when.Point{Period: civil.Day(first)}, B: when.Point{Period: civil.Day(last)}},
			{Form: when.By, A: when.Point{Period: civil.Day(first)}},
			{Form: when.NotBefore, A: when.Point{Period: civil.Day(first)}},
			{Form: when.TBD},
		}
		e := event.Event{
			ID: "e", Kind: rapid.SampledFrom(event.Kinds()).Draw(t, "kind"), Zone: rapid.SampledFrom(zones).Draw(t, "zone"),
			Status: rapid.SampledFrom(event.Statuses()).Draw(t, "status"),
			When:   []event.Statement{{Expr: rapid.SampledFrom(forms).Draw(t, "when")}},
		}
		entry := Compute(event.First(e, event.Author{}, october), "", october)
		now := october.Add(time.Duration(rapid.IntRange(-200, 200).Draw(t, "hours")) * time.Hour)
		if got, ok := entry.phaseOfDays(civil.DateOf(now, time.UTC)); ok && got != entry.phaseOfInstants(now) {
			t.Fatalf("%s at %s: %s, want %s", entry.Window.Words(), now, got, entry.phaseOfInstants(now))
		}
	})
}
