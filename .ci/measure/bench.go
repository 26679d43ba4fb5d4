package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// bench measures one program in a folder of its own.
type bench struct {
	*table
	program, work string
}

// goals are what a calendar of ordinary events may cost; 0 is no goal.
type goals struct{ first, peak, feed, ready, resident, anonymous, edit float64 }

var allowed = map[int]goals{
	1_000:   {anonymous: 25, edit: .25},
	10_000:  {first: 1.5, peak: 120, feed: .05, ready: 1, resident: 90, edit: .45},
	100_000: {first: 15, peak: 800, feed: .06, ready: 8, resident: 500, edit: 1.5},
}

// calendar measures starts, memory, edits, polls and pages with n ordinary events.
func (b bench) calendar(n int) error {
	folder, name := filepath.Join(b.work, fmt.Sprint("calendar-", n)), fmt.Sprintf("%d events: ", n)
	if err := write(folder, 1, ordinary(n)); err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := b.starts(folder, name, n, allowed[n]); err != nil {
		return err
	}
	d, err := start(b.program, folder)
	if err != nil {
		return err
	}
	defer d.stop()
	d.settle()
	asked := time.Now() // before the edits: a past that differs from what is
	if err := b.edits(d, folder, name, allowed[n].edit); err != nil {
		return err
	}
	if n > 10_000 {
		return nil
	}
	if n == 10_000 {
		if err := b.pages(d, folder, name, asked); err != nil {
			return err
		}
	}
	return b.polls(d, folder, name)
}

// starts measures the first and the second start, and what is kept.
func (b bench) starts(folder, name string, n int, g goals) error {
	d, err := start(b.program, folder)
	if err != nil {
		return err
	}
	b.put(name+"first start, ready", d.ready.Seconds(), "s", g.first)
	d.settle()
	b.put(name+"first start, peak resident", d.memory("VmHWM"), "MB", g.peak)
	d.stop()
	if info, err := os.Stat(filepath.Join(folder, "data", "attache.db")); err == nil {
		goal := 0.0
		if n >= 1000 {
			goal = 3
		}
		b.put(name+"database an event", float64(info.Size())/1000/float64(n), "kB", goal)
	}
	if d, err = start(b.program, folder); err != nil {
		return err
	}
	defer d.stop()
	b.put(name+"second start, first feed", d.firstFeed.Seconds(), "s", g.feed)
	b.put(name+"second start, ready", d.ready.Seconds(), "s", g.ready)
	d.settle()
	b.put(name+"second start, resident", d.memory("VmRSS"), "MB", g.resident)
	b.put(name+"second start, of it anonymous", d.memory("RssAnon"), "MB", g.anonymous)
	return nil
}

// edits measures how long an edit takes to reach the feed, the best of three.
func (b bench) edits(d *daemon, folder, name string, goal float64) error {
	best, least := time.Hour, time.Hour
	for i := range 3 {
		took, cpu, err := d.edit(folder, i+1)
		if err != nil {
			return err
		}
		best, least = min(best, took), min(least, cpu)
	}
	b.put(name+"edit saved → feed changed", best.Seconds(), "s", goal)
	b.put(name+"edit, CPU", float64(least.Microseconds())/1000, "ms", 0)
	return nil
}

// get reads a page to its end.
func get(url string) error {
	res, err := http.Get(url)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, res.Status)
	}
	return nil
}

// pages measures the first page after an edit, a search, and the past read by sixteen at once.
func (b bench) pages(d *daemon, folder, name string, past time.Time) error {
	spend := func(path string) (float64, error) {
		before := d.cpu()
		err := get(d.base + path)
		return float64((d.cpu() - before).Microseconds()) / 1000, err
	}
	var page, search []float64
	for i := range 3 {
		if _, _, err := d.edit(folder, 4+i); err != nil {
			return err
		}
		v, err := spend("/")
		if err != nil {
			return err
		}
		page = append(page, v)
	}
	for i := range 11 {
		v, err := spend(fmt.Sprint("/?q=round+", 100+i))
		if err != nil {
			return err
		}
		search = append(search, v)
	}
	b.put(name+"page after an edit, CPU", middle(page), "ms", 10)
	b.put(name+"search, CPU", middle(search), "ms", 10)

	resident := d.memory("VmRSS")
	var group sync.WaitGroup
	took, errs := make([]float64, 16), make([]error, 16)
	for i := range took {
		group.Go(func() {
			begun := time.Now()
			errs[i] = get(d.base + "/?at=" + url.QueryEscape(past.UTC().Format(time.RFC3339)))
			took[i] = float64(time.Since(begun).Microseconds()) / 1000
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	b.put(name+"?at= of the past, 16 readers, each", middle(took), "ms", 50)
	b.put(name+"?at= of the past, 16 readers, more resident", d.memory("VmRSS")-resident, "MB", 40)
	return nil
}

// series measures n endless series.
func (b bench) series(n int) error {
	folder, name := filepath.Join(b.work, fmt.Sprint("series-", n)), fmt.Sprintf("%d endless series: ", n)
	if err := write(folder, 1, endless(n)); err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	ready, resident := .5, 40.0
	if n > 1000 {
		ready, resident = 4, 150
	}
	d, err := start(b.program, folder)
	if err != nil {
		return err
	}
	defer d.stop()
	b.put(name+"first start, ready", d.ready.Seconds(), "s", ready)
	d.settle()
	b.put(name+"resident", d.memory("VmRSS"), "MB", resident)
	_, cpu, err := d.edit(folder, 1)
	if err != nil {
		return err
	}
	b.put(name+"edit, CPU", float64(cpu.Microseconds())/1000, "ms", 20)
	return nil
}

// checks measures `attache check`.
func (b bench) checks() error {
	for _, c := range []struct {
		name       string
		fn         func(io.Writer)
		code       int
		want       string
		took, peak float64
	}{
		{"10,000 events", ordinary(10_000), 0, "10000 events", 0, 0},
		{"a chain of 5,000", chain(5000), 0, "5000 events", .5, 100},
		// A million are refused at the 400,000th value, not told one by one: another thing than the
		// goal of 2 s speaks of, so neither row has a goal.
		{"300,000 wrong lines", wrong(300_000), 1, "all.yaml:4:", 0, 0},
		{"1,000,000 wrong lines, refused for its many values", wrong(1_000_000), 1, "too many values", 0, 0},
	} {
		folder := filepath.Join(b.work, "check")
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
		if err := write(folder, 1, c.fn); err != nil {
			return err
		}
		took, peak, err := check(b.program, folder, c.code, c.want)
		if err != nil {
			report(fmt.Errorf("%s: %w", c.name, err))
			continue
		}
		b.put("check, "+c.name, took.Seconds(), "s", c.took)
		b.put("check, "+c.name+": peak resident", peak, "MB", c.peak)
	}
	return nil
}

// growth measures what grows with events, series, feeds and revisions, by decades.
func (b bench) growth() {
	for _, n := range []int{100, 1000, 10_000, 100_000} {
		report(b.grows(fmt.Sprintf("%d events: ", n), 1, ordinary(n)))
	}
	for _, n := range []int{100, 1000, 10_000} {
		report(b.grows(fmt.Sprintf("%d series: ", n), 1, endless(n)))
	}
	for _, n := range []int{1, 10, 100, 1000} {
		report(b.grows(fmt.Sprintf("1000 events in %d feeds: ", n), n, ordinary(1000)))
	}
}

// grows measures starts, memory and one edit of what fn writes.
func (b bench) grows(name string, feeds int, fn func(io.Writer)) error {
	folder := filepath.Join(b.work, "growth")
	if err := write(folder, feeds, fn); err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	d, err := start(b.program, folder)
	if err != nil {
		return err
	}
	b.put(name+"first start, ready", d.ready.Seconds(), "s", 0)
	d.stop()
	if d, err = start(b.program, folder); err != nil {
		return err
	}
	defer d.stop()
	b.put(name+"second start, first feed", d.firstFeed.Seconds(), "s", 0)
	b.put(name+"second start, ready", d.ready.Seconds(), "s", 0)
	d.settle()
	b.put(name+"resident", d.memory("VmRSS"), "MB", 0)
	took, cpu, err := d.edit(folder, 1)
	if err != nil {
		return err
	}
	b.put(name+"edit saved → feed changed", took.Seconds(), "s", 0)
	b.put(name+"edit, CPU", float64(cpu.Microseconds())/1000, "ms", 0)
	return nil
}
