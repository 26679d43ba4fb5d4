package attachetest

import (
	"strings"
	"testing"
)

// A closed day that the author adds moves the dates that are counted in business days,
// with no edit of the events.
func TestCalendars_ChangeMovesWhatIsCounted(t *testing.T) {
	t.Parallel()
	const events = `
events:
  - {id: notice, title: Notice, when: 2099-11-10}
  - {id: comments, title: Comments close, kind: deadline, when: {on: 3 business days after event:notice, calendar: desk}}
  - {id: brief, title: Brief, when: {on: 2 business days after 2099-11-10, calendar: desk}}
`
	settings := func(closed string) string {
		return Settings(t, nil) + "calendars: {desk: {closed: [" + closed + "]}}\n"
	}
	a := Start(t, map[string]string{"attache.yaml": settings(""), "events/a.yaml": events})
	starts := func(days ...string) func() bool {
		return func() bool {
			feed := strings.ReplaceAll(a.Feed(), "\r\n ", "")
			for _, d := range days {
				if !strings.Contains(feed, "DTSTART;VALUE=DATE:"+d) {
					return false
				}
			}
			return true
		}
	}
	a.WaitFor("the dates without closed days", starts("20991113", "20991112"))
	a.Write("attache.yaml", settings("2099-11-12"))
	a.WaitFor("the dates a day later", starts("20991116", "20991113"))
	a.Restart()
	a.WaitFor("the same after a restart", starts("20991116", "20991113"))
	a.Write("attache.yaml", strings.Replace(settings(""), "desk:", "desc:", 1))
	if err := a.Reload(); err == nil || !strings.Contains(err.Error(), `there is no calendar "desk": did you mean "desc"?`) {
		t.Errorf("a calendar that is gone: %v", err)
	}
	a.WaitFor("what held before", starts("20991116", "20991113"))
}
