package web

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/prose"
)

// What counts as news.
const (
	newsDays   = 7   // how many days something is news
	newsLooked = 200 // how many of the last changes are looked at
	newsShown  = 8   // how many are told of on the first page
)

// news is what changed lately, the newest first, and how events are marked for it. The
// first reading of a calendar is none.
type news struct {
	list   []change.View
	marked map[string]string // by the id of the event: New or Moved
}

// newsKeeper keeps the news of one version of the calendar, which hold for a day.
type newsKeeper struct {
	mu   sync.Mutex
	from time.Time
	news *news
}

// of returns the news that a request is told.
func (k *newsKeeper) of(req request) (*news, error) {
	r := change.Range{From: req.today.AddDays(-newsDays).Start(req.loc), To: req.now.Add(time.Second), Limit: newsLooked, Look: newsLooked}
	if req.at != "" { // later changes are passed over
		r.Look = 0
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.news == nil || !k.from.Equal(r.From) {
		list, err := req.cal.Changes(agenda.Filter{}, r)
		if err != nil {
			return &news{}, err
		}
		k.from, k.news = r.From, newsOf(list, req.cal.Since())
	}
	return k.news, nil
}

func newsOf(list []change.View, first time.Time) *news {
	n := &news{marked: make(map[string]string)}
	mark := func(id, word string) {
		if n.marked[id] == "" {
			n.marked[id] = word
		}
	}
	for _, v := range list {
		if len(v.Changes) == 0 || v.First() && !v.At.After(first) {
			continue
		}
		n.list = append(n.list, v)
		if v.First() {
			mark(v.Event, "New")
		} else if slices.ContainsFunc(v.Changes, func(c change.Change) bool { return c.Field == "date" }) {
			mark(v.Event, "Moved")
		}
		for _, f := range v.Follows {
			mark(f.Event, "Moved")
		}
	}
	return n
}

// newsView is the news as the first page tells them.
type newsView struct {
	Words string // how many there are
	Seqs  string // their numbers, for the browser, which remembers which it has shown
	Lines []changeLine
}

// newsView returns the news of the events that are asked for; of none where there are none.
func (req request) newsView() newsView {
	var v newsView
	var seqs []string
	for _, c := range req.news.list {
		e, ok := req.index.byID[c.Event]
		if !ok || !req.Match(e) {
			continue
		}
		seqs = append(seqs, strconv.FormatUint(c.Seq, 10))
		if len(v.Lines) < newsShown {
			v.Lines = append(v.Lines, req.changeLine(c))
		}
	}
	v.Seqs = strings.Join(seqs, " ")
	v.Words = "Nothing changed in the last " + prose.Count(newsDays, "day")
	if n := len(seqs); n > 0 {
		v.Words = prose.Count(n, "change") + " in the last " + prose.Count(newsDays, "day")
	}
	return v
}
