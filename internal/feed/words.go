package feed

import (
	"cmp"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/story"
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
	case p.part == opens:
		return "[window] First possible day: "
	case p.part == latest:
		return "[window] Last possible day: "
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
	case p.part == gone && w.Precision == when.None && e.Leaning == "":
		return []string{"no date yet"}
	case p.part == gone && e.Unrecorded():
		return []string{"day not recorded"}
	case p.part == gone:
		return []string{"now " + story.Reader{}.Date(e)}
	case e.Unrecorded() && w.Earliest.Known() && w.EndsLatest.Known():
		return []string{civil.Range(w.Earliest.Day, w.EndsLatest.Day, "–")}
	case e.Unrecorded() && w.Precision != when.None:
		return []string{w.Words()}
	case e.Status.CalledOff(), e.Status.TookPlace():
		return nil
	}
	var out []string
	if !w.Settled() {
		out = append(out, story.Reader{}.Date(e))
	}
	if !sure(e) && e.Certainty != "" {
		out = append(out, prose.CleanLine(string(e.Certainty)))
	}
	if p.part == whole && story.NoHour(e) && e.Kind != event.Deadline { // one without an hour is due on its day
		out = append(out, "no time of day stated")
	}
	return out
}

// description returns what is known of an event as plain text, cut to its limit with the
// link to the page kept at its end. changed is when it last changed.
func description(p *vevent, o Options, c Context, changed time.Time) string {
	e, reader := p.Entry, story.Reader{Sources: c.Sources}
	known := facts(p, o, reader)
	known = append(known, "Last change: "+civil.Short(civil.DateOf(changed, time.UTC))+", "+changed.UTC().Format("15:04")+" UTC")
	parts := []string{strings.Join(known, "\n"), strings.TrimSpace(e.Note)}
	for _, q := range reader.Quotes(e) {
		parts = append(parts, cited(q))
	}
	text := plain(prose.Clean(strings.Join(nonEmpty(parts), "\n\n")))
	page := c.page(e.ID)
	if page == "" {
		return prose.Clip(text, maxDescription)
	}
	return prose.Clip(text, max(maxDescription-len(page)-2, len("…"))) + "\n\n" + page
}

// facts returns what is known of e, one line each. What the entry says elsewhere is left out.
func facts(p *vevent, o Options, r story.Reader) []string {
	e := p.Entry
	var out []string
	switch p.part {
	case opens:
		out = append(out, "This entry is the first day on which it "+begin(e)+".")
	case latest:
		out = append(out, "This entry is the last day on which it "+begin(e)+".")
	case option:
		out = append(out, "This entry is one of the days on which it can be.")
	case gone:
		out = append(out, "This entry no longer holds.")
	}
	for _, f := range r.Of(e) {
		if f.About != story.Title && f.About != story.Place {
			f.Words = prose.CleanLine(f.Words)
			out = append(out, f.String())
		}
	}
	if text := edtf(e); o.Technical && text != "" {
		out = append(out, "EDTF: "+text)
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

// cited writes q with where it was published.
func cited(q story.Quote) string {
	var out []string
	if q.Words != "" {
		out = append(out, "“"+q.Words+"”")
	}
	if q.Source != "" {
		out = append(out, "— "+q.Source)
	}
	return strings.Join(append(out, nonEmpty([]string{prose.CleanLine(q.URL)})...), "\n")
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
