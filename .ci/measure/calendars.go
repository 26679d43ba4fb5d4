package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

const settings = `listen: 127.0.0.1:0
timezone: America/New_York
events: [events/*.yaml]
`

// write makes a configuration in folder whose one file of events is what fn writes, with so many
// feeds.
func write(folder string, feeds int, fn func(w io.Writer)) error {
	if err := os.MkdirAll(filepath.Join(folder, "events"), 0o755); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(folder, "attache.yaml"))
	if err != nil {
		return err
	}
	fmt.Fprintf(f, "%sfeeds:\n  - {name: all}\n", settings)
	for i := 1; i < feeds; i++ {
		fmt.Fprintf(f, "  - {name: feed-%d, match: {topics: [topic-%d]}}\n", i, i%40)
	}
	if err := f.Close(); err != nil {
		return err
	}
	if f, err = os.Create(filepath.Join(folder, "events", "all.yaml")); err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "sources:\n  report: {title: A report of the agency on the talks, published: 2025-10-26}\nevents:")
	fn(w)
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// ordinary writes n events of about 900 octets each over four years, two of which have passed.
func ordinary(n int) func(io.Writer) {
	first := time.Now().AddDate(-2, 0, 0)
	return func(w io.Writer) {
		for i := range n {
			day := first.AddDate(0, 0, i*7919%1460)
			when := "{on: " + day.Format(time.DateOnly) + "}"
			if i%3 == 0 {
				when = fmt.Sprintf("{between: [%s, %s]}", day.Format(time.DateOnly), day.AddDate(0, 0, 1+i%90).Format(time.DateOnly))
			}
			fmt.Fprintf(w, `  - id: talks-%d
    title: Round %d of the talks on export controls and tariffs, version 1
    kind: meeting
    when: %s
    zone: Asia/Shanghai
    place: Geneva, Palais des Nations, room %d
    certainty: likely
    parties: [US, China]
    people: [Scott Bessent, He Lifeng]
    topics: [topic-%d, tariffs, rare-earths]
    note: >-
      The delegations of round %d have not been named. Officials of both sides said that the round would
      deal with export controls, with tariffs and with the schedule of the visits of both leaders, and that
      nothing of it is settled before the last day of the round.
    sources:
      - source: report
        quote: >-
          officials said that round %d of the talks would deal with export controls, tariffs and the schedule
          of visits, and that the delegations would meet again within ninety days if nothing was agreed
`, i, i, when, i%40, i%40, i, i)
		}
	}
}

// endless writes n series that end never.
func endless(n int) func(io.Writer) {
	first := time.Now().AddDate(-1, 0, 0)
	days := []string{"MO", "TU", "WE", "TH", "FR"}
	return func(w io.Writer) {
		for i := range n {
			fmt.Fprintf(w, "  - {id: series-%d, title: \"Briefing %d of the ministry, version 1\", kind: meeting, when: {on: %s, recurs: FREQ=WEEKLY;BYDAY=%s}}\n",
				i, i, first.AddDate(0, 0, i%28).Format(time.DateOnly), days[i%5])
		}
	}
}

// chain writes n events each of which comes after the one before.
func chain(n int) func(io.Writer) {
	return func(w io.Writer) {
		when := "{on: " + time.Now().AddDate(0, 1, 0).Format(time.DateOnly) + "}"
		for i := range n {
			fmt.Fprintf(w, "  - {id: link-%d, title: Step %d, kind: meeting, when: %s}\n", i, i, when)
			when = fmt.Sprintf("{after: event:link-%d}", i)
		}
	}
}

// wrong writes n lines that are no events.
func wrong(n int) func(io.Writer) {
	return func(w io.Writer) {
		for range n {
			fmt.Fprintln(w, "  - wrong: line")
		}
	}
}
