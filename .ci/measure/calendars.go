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
	p := &pieces{folder: filepath.Join(folder, "events")}
	fn(p)
	return p.close()
}

// pieces writes files of events, the first of which is all.yaml and declares the source of all. It
// begins another before one has more than attache reads of a file, and each Write is whole events.
type pieces struct {
	folder  string
	file    *os.File
	w       *bufio.Writer
	n, size int
	err     error
}

const pieceSize = 8<<20 - 64<<10

func (p *pieces) Write(b []byte) (int, error) {
	if p.err == nil && (p.file == nil || p.size+len(b) > pieceSize) {
		p.next()
	}
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.w.Write(b)
	p.size += n
	p.err = err
	return n, err
}

func (p *pieces) next() {
	if p.err = p.close(); p.err != nil {
		return
	}
	name, top := "all.yaml", "sources:\n  report: {title: A report of the agency on the talks, published: 2025-10-26}\nevents:\n"
	if p.n > 0 {
		name, top = fmt.Sprintf("more-%d.yaml", p.n), "events:\n"
	}
	p.n++
	if p.file, p.err = os.Create(filepath.Join(p.folder, name)); p.err == nil {
		p.w, p.size = bufio.NewWriter(p.file), len(top)
		_, p.err = p.w.WriteString(top)
	}
}

func (p *pieces) close() error {
	if p.err != nil || p.file == nil {
		return p.err
	}
	if err := p.w.Flush(); err != nil {
		return err
	}
	return p.file.Close()
}

// ordinary writes n events of about 830 octets each, so that 10,000 fit into one file, which may
// have 8 MiB: over four years, two of which have passed.
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
      deal with export controls, with tariffs and with the visits of both leaders.
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
			fmt.Fprintln(w, "  - x")
		}
	}
}
