// Measure prints what programs cost as whole processes on generated calendars, as a Markdown
// table: a column for each program, and the goal beside them. See .ci/bench, which builds it.
package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// figure is one row of the table: what was measured with each program. The goal is an upper
// limit, or with atLeast a lower one; 0 is none.
type figure struct {
	name, unit string
	goal       float64
	atLeast    bool
	values     []float64
}

func (f figure) met(v float64) bool {
	if f.atLeast {
		return v >= f.goal
	}
	return v <= f.goal
}

// table gathers the figures of one program after the other, in the order in which they came.
type table struct {
	programs []string
	column   int
	rows     []*figure
}

// put writes down a figure of the program that is being measured.
func (t *table) put(name string, value float64, unit string, goal float64) {
	t.add(name, value, unit, goal, false)
}

func (t *table) add(name string, value float64, unit string, goal float64, atLeast bool) {
	fmt.Fprintf(os.Stderr, "%s: %s: %s %s\n", t.programs[t.column], name, number(value), unit)
	for _, r := range t.rows {
		if r.name == name {
			r.values = append(r.values, value)
			return
		}
	}
	t.rows = append(t.rows, &figure{name, unit, goal, atLeast, []float64{value}})
}

func (t *table) print() {
	fmt.Printf("| figure | unit | %s | goal | |\n|---|---|%s---|---|\n", strings.Join(t.programs, " | "), strings.Repeat("---|", len(t.programs)))
	for _, r := range t.rows {
		goal, verdict := "", ""
		if r.goal > 0 {
			sign := "≤ "
			if r.atLeast {
				sign = "≥ "
			}
			goal, verdict = sign+number(r.goal), "missed"
			if len(r.values) == len(t.programs) && r.met(r.values[len(r.values)-1]) {
				verdict = "met"
			}
		}
		var cells []string
		for i := range t.programs {
			if i < len(r.values) {
				cells = append(cells, number(r.values[i]))
			} else {
				cells = append(cells, "failed")
			}
		}
		fmt.Printf("| %s | %s | %s | %s | %s |\n", r.name, r.unit, strings.Join(cells, " | "), goal, verdict)
	}
}

// number writes three digits that count.
func number(v float64) string {
	switch {
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case v >= 1:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'f', 3, 64)
}

func main() {
	if len(os.Args) == 4 && os.Args[1] == "bare" {
		fail(serveBare(os.Args[2], os.Args[3]))
		return
	}
	work := flag.String("work", os.TempDir(), "keep calendars and databases in this `FOLDER`")
	sizes := flag.String("events", "1000,10000", "how many events the calendars have")
	only := flag.String("only", "calendar,series,check", "which `PARTS` are measured")
	growth := flag.Bool("growth", false, "measure 100 to 100,000 events, revisions, series and feeds instead")
	flag.Parse()
	t := &table{}
	for _, p := range flag.Args() {
		name, _, _ := strings.Cut(p, "=")
		t.programs = append(t.programs, name)
	}
	for i, p := range flag.Args() {
		_, path, _ := strings.Cut(p, "=")
		t.column = i
		b := bench{table: t, program: path, work: fmt.Sprintf("%s/%d", *work, i)}
		if *growth {
			b.growth()
			continue
		}
		for _, part := range strings.Split(*only, ",") {
			b.part(part, *sizes)
		}
	}
	t.print()
}

// part measures one part. What fails is said, and the others go on.
func (b bench) part(part, sizes string) {
	var err error
	switch part {
	case "calendar":
		for _, s := range strings.Split(sizes, ",") {
			var n int
			if n, err = strconv.Atoi(s); err == nil {
				err = b.calendar(n)
			}
			report(err)
		}
		return
	case "series":
		for _, n := range []int{1000, 10_000} {
			report(b.series(n))
		}
		return
	case "check":
		err = b.checks()
	default:
		err = fmt.Errorf("there is no part %q", part)
	}
	report(err)
}

func report(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "FAILED:", err)
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "FAILED:", err)
		os.Exit(1)
	}
}
