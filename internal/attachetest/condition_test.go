package attachetest

import (
	"strings"
	"testing"

	"attache/internal/notice"
	"attache/internal/store"
)

const conditional = `
  - id: tariffs
    title: Tariffs
    kind: deadline
    when: {on: 2099-11-01, if: {event: curbs, is: in_force}}
`

func TestCondition_DecidedWhileItRuns(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), measure("status: open")+conditional))
	shows := func(words ...string) func() bool {
		return func() bool {
			feed := strings.ReplaceAll(a.Feed(), "\r\n ", "")
			for _, w := range words {
				if !strings.Contains(feed, w) {
					return false
				}
			}
			return true
		}
	}
	a.WaitFor("the open condition", shows("SUMMARY:[tbc] Tariffs", "Only if: “Export curbs” is in force"))
	a.Write("events/a.yaml", measure("status: cancelled", "reason: both sides agreed")+conditional)
	a.WaitFor("the end of the deadline", shows("SUMMARY:Averted: Tariffs", "STATUS:CANCELLED"))
	a.Stop()
	pending := func() (n int) {
		a.Store(func(db *store.DB) {
			err := db.View(func(tx *store.Tx) error {
				items, err := tx.ItemsOf("tariffs")
				for _, it := range items {
					if it.State == notice.Pending && it.Notice.Kind == notice.Reminder {
						n++
					}
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
		return n
	}
	if n := pending(); n != 0 {
		t.Errorf("%d reminders of a deadline that was averted", n)
	}
	a.Write("events/a.yaml", measure("status: open", "reason: it was a mistake")+conditional)
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	a.WaitFor("the deadline again", shows("SUMMARY:[tbc] Tariffs"))
	a.Stop()
	if n := pending(); n == 0 {
		t.Error("a deadline that bites again has no reminders")
	}
}

func TestSeries_DayThatMovesIsTold(t *testing.T) {
	t.Parallel()
	series := func(rest string) string {
		return "events:\n  - id: report\n    title: Jobs report\n    kind: announcement\n" +
			"    when: {at: 2099-01-02 08:30, recurs: FREQ=MONTHLY;BYDAY=1FR" + rest + "}\n"
	}
	a := Start(t, files(Settings(t, nil), series("")))
	a.Write("events/a.yaml", series(", except: [2099-03-06], also: [2099-03-11]"))
	a.WaitFor("the new days", func() bool { return strings.Contains(a.Feed(), "20990311T083000") })
	a.Stop()
	a.Store(func(db *store.DB) {
		err := db.View(func(tx *store.Tx) error {
			items, err := tx.ItemsOf("report")
			told := 0
			for _, it := range items {
				if it.Notice.Kind == notice.Changed {
					told++
				}
			}
			if told != 1 {
				t.Errorf("the change is told %d times", told)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
