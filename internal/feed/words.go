package feed

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/when"
)

const (
	titleRoom      = 900  // octets of a title, so that what is said around it is never cut off
	maxSummary     = 1024 // octets of a summary or a place; longer ones end in an ellipsis
	maxDescription = 4096 // octets of a description before it is escaped; the page has the rest
)

// summary returns the title of an event with what is unsettled about it around: a mark in
// front, and in brackets when it can be and how sure it is.
func summary(p *vevent, o Options) string {
	e := p.Entry
	name := title(e)
	before := mark(p, o)
	if before != "" && e.Status == event.Cancelled {
		name, _ = event.CutCancelled(name) // its program said so in the title
	}
	text := before + prose.Clip(name, titleRoom)
	if facts := open(p); len(facts) > 0 {
		text += " (" + strings.Join(facts, ", ") + ")"
	}
	return prose.Clip(text, maxSummary)
}

// title returns what e is called, in one line.
func title(e *agenda.Entry) string { return cmp.Or(prose.CleanLine(e.Title), prose.CleanLine(e.ID)) }

// mark returns in a word what a reader must know before the title.
func mark(p *vevent, o Options) string {
	e := p.Entry
	switch {
	case p.part == gone:
		return goneMark(p)
	case e.Status.CalledOff() && o.inTitle():
		return calledOff(e.Status)
	case e.Unrecorded():
		return "[" + string(e.Status) + ", day not recorded] "
	case e.Status.CalledOff(), e.Status.TookPlace():
		return ""
	case e.Status == event.Lapsed:
		return "[outcome?] "
	case p.part == opens && !e.Window.Latest.Known():
		return "[window] Not before: "
	case p.part == opens:
		return "[window] Opens: "
	case p.part == latest:
		return "[window] Latest: "
	case !e.Window.Settled():
		return "[window] "
	case !sure(e):
		return "[tbc] "
	}
	return ""
}

// calledOff returns what became of an event that will not take place. The one word that
// calendars have for it stands as they write it.
func calledOff(s event.Status) string {
	if s == event.Cancelled {
		return "CANCELLED: "
	}
	return prose.Capital(string(s)) + ": "
}

// goneMark reports why a date is shown no more.
func goneMark(p *vevent) string {
	e := p.Entry
	switch {
	case e.Status.CalledOff():
		return calledOff(e.Status)
	case e.Status.TookPlace():
		return prose.Capital(string(e.Status)) + ": "
	case e.Series != nil:
		return "Not on this day: "
	case e.Status == event.Deferred:
		return "Deferred: "
	case e.Window.Settled():
		return "Date set: "
	case strings.HasPrefix(p.suffix, optionSuffix):
		return "Not on this day: "
	case !stillPossible(p):
		return "Moved: "
	}
	return "Date open: "
}

// stillPossible reports whether the days that an entry was on are among those that are possible
// now: then its date became open, else it moved.
func stillPossible(p *vevent) bool {
	w := p.Entry.Window
	loc := time.UTC // days are kept as such
	if !p.interval.allDay {
		loc = w.Location()
	}
	first, last := civil.DateOf(p.interval.start, loc), civil.DateOf(p.interval.end.Add(-time.Second), loc)
	return (!w.Earliest.Known() || !last.Before(w.Earliest.Day)) && (!w.EndsLatest.Known() || !first.After(w.EndsLatest.Day))
}

// open returns what is not settled about an entry, in words.
func open(p *vevent) []string {
	e := p.Entry
	w := e.Window
	switch {
	case p.part == gone && e.Series != nil:
		return nil
	case p.part == gone && w.Precision == when.None:
		return []string{"no date yet"}
	case p.part == gone && e.Unrecorded():
		return []string{"day not recorded"}
	case p.part == gone:
		return []string{"now " + w.Words()}
	case e.Unrecorded() && w.Earliest.Known() && w.EndsLatest.Known():
		return []string{civil.Range(w.Earliest.Day, w.EndsLatest.Day, "–")}
	case e.Unrecorded() && w.Precision != when.None:
		return []string{w.Words()}
	case e.Status.CalledOff(), e.Status.TookPlace():
		return nil
	}
	var out []string
	switch {
	case p.part == option:
		out = append(out, fmt.Sprintf("one of %d dates, date open", len(options(e))))
	case !w.Earliest.Known() || !w.Latest.Known():
		out = append(out, w.Words(), "date open")
	case !w.Settled():
		if n := w.Days(); n > 0 {
			out = append(out, prose.Count(n, "day"))
		}
		out = append(out, civil.Range(w.Earliest.Day, w.EndsLatest.Day, "–"), "date open")
	}
	if !sure(e) && e.Certainty != "" {
		out = append(out, prose.CleanLine(string(e.Certainty)))
	}
	if w.Precision == when.OneDay && p.part == whole && e.Kind != event.Holiday {
		out = append(out, "time tbc")
	}
	return out
}

// description returns what is known of an event as plain text, cut to its limit with the
// link to the page kept at its end. changed is when it last changed.
func description(p *vevent, c Context, changed time.Time) string {
	e := p.Entry
	known := facts(p)
	known = append(known, "Last change: "+civil.Short(civil.DateOf(changed, time.UTC))+", "+changed.UTC().Format("15:04")+" UTC")
	parts := []string{strings.Join(known, "\n"), strings.TrimSpace(e.Note)}
	for _, q := range quotes(e) {
		parts = append(parts, q.words(c.Sources))
	}
	text := plain(prose.Clean(strings.Join(nonEmpty(parts), "\n\n")))
	page := c.page(e.ID)
	if page == "" {
		return prose.Clip(text, maxDescription)
	}
	return prose.Clip(text, max(maxDescription-len(page)-2, len("…"))) + "\n\n" + page
}

// facts returns what is known of e, one line each.
func facts(p *vevent) []string {
	e := p.Entry
	words := e.Words()
	out := []string{"When: " + words}
	switch p.part {
	case opens:
		out = append(out, "This entry is the first day on which it "+begin(e)+".")
	case latest:
		out = append(out, "This entry is the last day on which it "+begin(e)+".")
	case option:
		out = append(out, "This entry is one of the days on which it can be.")
	case gone:
		out = []string{"This entry no longer holds.", "When: " + words}
	}
	if e.Window.Precision == when.Instant && e.Window.Zone != "UTC" {
		at := e.Window.Earliest.At.UTC()
		out = append(out, fmt.Sprintf("In UTC: %s, %s", civil.Long(civil.DateOf(at, at.Location())), at.Format("15:04")))
	}
	add := func(label, s string) {
		if s = prose.CleanLine(s); s != "" {
			out = append(out, label+": "+s)
		}
	}
	if !strings.Contains(words, e.Stated) { // an instant is stated without its zone
		add("Stated", e.Stated)
	}
	if e.Series != nil {
		add("Comes again", e.Series.Rule.Words())
	}
	for _, words := range superseded(e) {
		add("Superseded", words)
	}
	add("EDTF", edtf(e))
	add("Kind", string(e.Kind))
	if !e.Status.Over() { // what became of it is no longer possible or likely
		add("Certainty", string(e.Certainty))
	}
	if e.Status != event.Open {
		add("Status", string(e.Status))
	}
	add("Reason", e.Reason)
	for _, c := range e.Conditions {
		if c.State != agenda.True {
			add("Only if", strings.TrimPrefix(c.Words(), "only if "))
		}
	}
	add("Parties", strings.Join(e.Parties, ", "))
	for _, d := range e.Disputes() {
		add("Sources disagree", d)
	}
	return out
}

// mostSuperseded is how many of the dates that were stated before are told.
const mostSuperseded = 3

// superseded returns what was stated of e before later reports came in its place, in words, the
// last first.
func superseded(e *agenda.Entry) []string {
	var out []string
	for _, x := range slices.Backward(e.SetAside) {
		if x.By != "" && len(out) < mostSuperseded {
			out = append(out, x.Says)
		}
	}
	return out
}

// begin returns what an event does on the first of the days on which it can be.
func begin(e *agenda.Entry) string {
	verbs := [2]string{"can be", "can have been"}
	if e.Window.Lasts() {
		verbs = [2]string{"can begin", "can have begun"}
	}
	if e.Unrecorded() {
		return verbs[1]
	}
	return verbs[0]
}

// quote is what a source says of an event.
type quote struct{ source, text string }

// quotes returns what every source says, those that give the date first, each
// once.
func quotes(e *agenda.Entry) []quote {
	var out []quote
	seen := map[quote]bool{{}: true}
	add := func(q quote) {
		if !seen[q] {
			seen[q] = true
			out = append(out, q)
		}
	}
	for _, r := range e.Because {
		add(quote{r.Source, r.Quote})
	}
	for _, s := range e.Sources {
		add(quote{s.Source, s.Quote})
	}
	return out
}

// words writes q with where it was published.
func (q quote) words(sources map[string]event.Source) string {
	var out []string
	if s := prose.CleanLine(q.text); s != "" {
		out = append(out, "“"+s+"”")
	}
	if src, ok := sources[q.source]; ok {
		if s := prose.CleanLine(src.Words()); s != "" {
			out = append(out, "— "+s)
		}
		out = append(out, nonEmpty([]string{prose.CleanLine(src.URL)})...)
	} else if q.source != "" {
		out = append(out, "— "+prose.CleanLine(q.source))
	}
	return strings.Join(out, "\n")
}

func nonEmpty(list []string) []string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// plain sets off what a calendar that shows descriptions as HTML would take for
// a tag: no tag has a space after its bracket.
func plain(s string) string {
	if strings.IndexByte(s, '<') < 0 {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		if s[i] == '<' && i+1 < len(s) && strings.IndexByte(alphanumeric+"/!?", s[i+1]) >= 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}
