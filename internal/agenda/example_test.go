package agenda_test

import (
	"fmt"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/when"
)

// The worked example of the package comment: three events, four statements that fit
// together, and a fifth that contradicts two of them.
func ExampleSolve() {
	stated := func(text string, priority int) event.Statement {
		x, err := when.Parse(text)
		if err != nil {
			panic(err) // the texts below are right
		}
		return event.Statement{Expr: x, Priority: priority}
	}
	about := func(id string, statements ...event.Statement) agenda.Input {
		e := event.Event{ID: id, Title: id, Kind: event.Visit, Zone: "UTC", When: statements}
		return agenda.Input{Revision: event.First(e, event.Author{}, time.Unix(0, 0))}
	}
	show := func(statement string, list ...agenda.Input) []agenda.Entry {
		entries := agenda.Solve(list)
		var windows []string
		for _, e := range entries {
			windows = append(windows, e.ID+": "+e.Window.Words())
		}
		fmt.Printf("%s\n  %s\n", statement, strings.Join(windows, "\n  "))
		return entries
	}

	march := stated("between 2026-03-01 and 2026-03-31", 0)
	before := stated("before event:summit", 0)
	from15 := stated("not before 2026-03-15", 0)
	within := stated("within 10 days after event:visit", 0)
	by12 := stated("by 2026-03-12", -1)

	show("summit is in March", about("summit", march), about("visit"), about("report"))
	show("visit is before summit", about("summit", march), about("visit", before), about("report"))
	show("visit is not before 15 March", about("summit", march), about("visit", before, from15), about("report"))
	show("report is within 10 days after visit", about("summit", march), about("visit", before, from15), about("report", within))
	last := show("report is by 12 March", about("summit", march), about("visit", before, from15), about("report", within, by12))

	conflict := last[2].Conflicts[0]
	for _, step := range conflict.Steps {
		fmt.Printf("%s: %s is %s\n", step.Statement, step.Owner, step.Says)
	}
	fmt.Printf("set aside: %s, %s; %d days apart\n", conflict.SetAside, conflict.Why, conflict.Days)

	// Output:
	// summit is in March
	//   summit: some day from 1 to 31 Mar 2026
	//   visit: no date yet
	//   report: no date yet
	// visit is before summit
	//   summit: some day from 1 to 31 Mar 2026
	//   visit: on or before 30 Mar 2026
	//   report: no date yet
	// visit is not before 15 March
	//   summit: some day from 16 to 31 Mar 2026
	//   visit: some day from 15 to 30 Mar 2026
	//   report: no date yet
	// report is within 10 days after visit
	//   summit: some day from 16 to 31 Mar 2026
	//   visit: some day from 15 to 30 Mar 2026
	//   report: some day from 15 Mar to 9 Apr 2026
	// report is by 12 March
	//   summit: some day from 16 to 31 Mar 2026
	//   visit: some day from 15 to 30 Mar 2026
	//   report: some day from 15 Mar to 9 Apr 2026
	// report#1: report is within 10 days after visit
	// report#2: report is by 12 Mar 2026
	// visit#2: visit is not before 15 Mar 2026
	// set aside: report#2, lowest priority; 3 days apart
}
