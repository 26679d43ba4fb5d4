package answer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/prose"
	"attache/internal/story"
)

// The fields of forms.
const (
	FieldStatus    = "status"
	FieldReason    = "reason"
	FieldWhen      = "when"
	FieldCertainty = "certainty"
	FieldURL       = "url"
	FieldQuote     = "quote"
	FieldDay       = "day"
	FieldTitle     = "title"
	FieldKind      = "kind"
	FieldPlace     = "place"
)

// Sort is how a field is filled in.
type Sort string

// The sorts of fields.
const (
	Line   Sort = "line"
	Text   Sort = "text" // of several lines
	Choice Sort = "choice"
	Day    Sort = "day"
)

// Form asks a person for more than a press says.
type Form struct {
	Title  string
	Submit string
	About  string // what it is about, one line
	Fields []Field
}

// Field is one field of a form.
type Field struct {
	Name     string
	Label    string
	Hint     string // below it, or ""
	Example  string // in it while it is empty, or ""
	Sort     Sort
	Value    string
	Options  []string // of a choice
	Optional bool
	Previews bool // what is understood of it is shown while it is filled in
}

// FormOf returns the form that p opens, for the event e as it stands at now; the zero Entry for
// one that is to be made.
func FormOf(p Press, e agenda.Entry, now time.Time) Form {
	reason := Field{Name: FieldReason, Label: "Why", Hint: "People read it where they are told", Sort: Text}
	url := Field{Name: FieldURL, Label: "Source: its address", Hint: "Left out, your message here is the source", Example: "https://…", Sort: Line, Optional: true}
	quote := Field{Name: FieldQuote, Label: "Its exact words", Sort: Text, Optional: true}
	date := Field{
		Name: FieldWhen, Label: "When", Example: "10 November, or: in the second half of May", Sort: Line, Previews: true,
		Hint: "A date, or words as a report has them, read against today, " + civil.Long(civil.DateOf(now, zoneOf(e))),
	}
	sure := Field{Name: FieldCertainty, Label: "How sure", Sort: Choice, Value: string(e.Certainty), Options: certainties()}
	f := Form{Submit: "Save", About: prose.Measure(prose.UTF16).Cut(e.Title, maxAbout) + " · " + story.Reader{Now: now}.Line(&e)}
	switch p.Do {
	case notice.SayOutcome:
		f.Title = "What became of it?"
		f.Fields = []Field{{Name: FieldStatus, Label: "It is", Sort: Choice, Options: Outcomes(e.Status)}, reason, url, quote}
	case notice.SayDate:
		f.Title = "New date"
		reason.Optional = true
		f.Fields = []Field{date, sure, url, quote, reason}
	case notice.SayLater:
		f.Title, f.Submit = "Snooze", "Snooze"
		f.Fields = []Field{{Name: FieldDay, Label: "Until", Sort: Day, Value: civil.DateOf(now, zoneOf(e)).AddDays(1).String(),
			Hint: "It comes back in the morning of that day, and never after the last safe day"}}
	case Add:
		f.Title, f.About = "New event", "It is kept by attache, not in a file, until somebody writes it into one"
		sure.Value = string(event.Possible)
		f.Fields = []Field{
			{Name: FieldTitle, Label: "Title", Sort: Line, Value: p.Fields[FieldTitle]},
			{Name: FieldKind, Label: "Kind", Sort: Choice, Value: string(event.Meeting), Options: kinds()},
			date, sure, {Name: FieldPlace, Label: "Place", Sort: Line, Optional: true}, url, quote,
		}
	}
	return f
}

// maxAbout is how much of a title stands above a form.
const maxAbout = 300

func zoneOf(e agenda.Entry) *time.Location { return e.Window.Location() }

// Outcomes returns what people can say that an event has become. That it lapsed, or left its
// file, attache finds by itself; what another one replaces is said in a file, where it is named.
func Outcomes(from event.Status) []string {
	var out []string
	for _, s := range event.Statuses() {
		own := s == event.Lapsed || s == event.Withdrawn || s == event.Superseded
		if !own && from.CanBecome(s) && s != from && !(from == "" && s == event.Open) {
			out = append(out, string(s))
		}
	}
	return out
}

func certainties() []string { return names(event.Certainties()) }

func kinds() []string { return names(event.Kinds()) }

func names[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// Missing returns what is left out of a form that has to be there, by field.
func (f Form) Missing(filled map[string]string) map[string]string {
	out := map[string]string{}
	for _, field := range f.Fields {
		v := strings.TrimSpace(filled[field.Name])
		switch {
		case v == "" && !field.Optional:
			out[field.Name] = "Fill this in"
		case v != "" && field.Sort == Choice && !slices.Contains(field.Options, v):
			out[field.Name] = fmt.Sprintf("%q is none of the choices any more: %s", v, strings.Join(field.Options, ", "))
		}
	}
	return out
}

// UntilTime returns the instant until which p snoozes, in the morning of a day in the zone loc: at
// the hour of clock. The words say why it can't.
func (p Press) UntilTime(now time.Time, loc *time.Location, clock civil.Clock) (time.Time, string) {
	today := civil.DateOf(now, loc)
	day := today
	switch p.Until {
	case "1d":
		day = today.AddDays(1)
	case "3d":
		day = today.AddDays(3)
	default:
		d, err := civil.ParseDate(p.Fields[FieldDay])
		if err != nil {
			return time.Time{}, "Choose a day"
		}
		day = d
	}
	switch {
	case !day.After(today):
		return time.Time{}, "Choose a day that is still to come"
	case day.Sub(today) > 366:
		return time.Time{}, "A year is the longest"
	}
	at, _ := civil.Resolve(day, clock, loc)
	return at.UTC(), ""
}

// IDOf makes the id of an event from its title; taken reports whether there is one. The words
// say why it can't.
func IDOf(title string, taken func(string) bool) (id, words string) {
	var b strings.Builder
	for _, r := range strings.ToLower(prose.Fold(title)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= maxSlug { // the rest tells nobody more
			break
		}
	}
	base := strings.Trim(b.String(), "-")
	if event.CheckID(base) != nil {
		base = strings.Trim("event-"+base, "-")
	}
	for n := 1; n < 100; n++ {
		id = base
		if n > 1 {
			id = fmt.Sprintf("%s-%d", base, n)
		}
		if event.CheckID(id) == nil && !taken(id) {
			return id, ""
		}
	}
	return "", "Choose another title: no name can be made of this one that is not taken"
}

// maxSlug is the greatest length of an id that is made of a title.
const maxSlug = 60
