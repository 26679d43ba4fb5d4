package agenda

import (
	"time"

	"attache/internal/when"
)

// View is an entry as programs read it, from the command line and over HTTP.
// Its names are a promise.
type View struct {
	ID             string         `json:"id"`
	UID            string         `json:"uid"`
	Title          string         `json:"title"`
	Kind           string         `json:"kind"`
	Certainty      string         `json:"certainty"`
	Status         string         `json:"status"`
	Stated         string         `json:"stated"`
	Date           string         `json:"date"`     // the window in words
	Earliest       *string        `json:"earliest"` // of the start, inclusive: a civil date, or RFC 3339 where timed; null where open
	Latest         *string        `json:"latest"`
	EndsEarliest   *string        `json:"ends_earliest,omitempty"` // only where it lasts longer than its start
	EndsLatest     *string        `json:"ends_latest,omitempty"`
	Precision      string         `json:"precision"`
	LastSafeDay    string         `json:"last_safe_day,omitempty"` // of a deadline in the first hour of a day: the day before
	Options        []string       `json:"options,omitempty"`       // of which it takes place on one, as EDTF writes them: those that are left
	Occurrences    []string       `json:"occurrences,omitempty"`   // the coming ones of a series, at most 12, as Earliest
	Recurs         string         `json:"recurs,omitempty"`        // the rule of a series, RFC 5545 §3.3.10
	Zone           string         `json:"zone"`
	Place          string         `json:"place"`
	Parties        []string       `json:"parties"`
	People         []string       `json:"people"`
	Topics         []string       `json:"topics"`
	Revision       int            `json:"revision"`
	Phase          string         `json:"phase"`
	Condition      *ConditionView `json:"condition,omitempty"` // null where nothing has to be so
	Because        []ReasonView   `json:"because"`
	Contradictions [][]string     `json:"contradictions"`
	SetAside       []SetAside     `json:"set_aside"`
	Warnings       []WarnView     `json:"warnings"`
}

// ReasonView is a Reason as programs read it.
type ReasonView struct {
	Says   string `json:"says"`
	File   string `json:"file"`
	Line   int    `json:"line"`
	Source string `json:"source,omitempty"`
	Quote  string `json:"quote"`
}

// WarnView is a Warning as programs read it.
type WarnView struct {
	Code  string `json:"code"`
	Words string `json:"words"`
}

// View returns e as programs read it at now.
func (e Entry) View(now time.Time) View {
	e = e.At(now)
	w := e.Window
	v := View{
		ID: e.ID, UID: e.UID, Title: e.Title, Kind: string(e.Kind), Certainty: string(e.Certainty),
		Status: string(e.Status), Stated: e.Stated, Date: e.WordsAt(now), Precision: string(w.Precision), Zone: w.Zone,
		Earliest: boundText(w, w.Earliest), Latest: boundText(w, w.Latest),
		Place: e.Place, Parties: list(e.Parties), People: list(e.People), Topics: list(e.Topics),
		Revision: e.Revision, Phase: string(e.Phase(now)),
		Because: []ReasonView{}, Contradictions: list(e.Contradictions), SetAside: list(e.SetAside), Warnings: warnViews(e.Warnings),
	}
	if d, ok := e.LastSafeDay(); ok {
		v.LastSafeDay = d.String()
	}
	if w.Lasts() {
		v.EndsEarliest, v.EndsLatest = boundText(w, w.EndsEarliest), boundText(w, w.EndsLatest)
	}
	v.Options = e.Options()
	for _, r := range e.Because {
		v.Because = append(v.Because, ReasonView{r.Says, r.At.File, r.At.Line, r.Source, r.Quote})
	}
	v.Condition = e.conditionView()
	if e.Series != nil {
		v.Occurrences, v.Recurs = e.coming(now), e.Series.Rule.String()
	}
	return v
}

func warnViews(list []Warning) []WarnView {
	out := []WarnView{}
	for _, x := range list {
		out = append(out, WarnView{x.Code, x.Words})
	}
	return out
}

// boundText writes a bound as a civil date, or as an instant with its offset.
func boundText(w when.Window, b when.Bound) *string {
	if !b.Known() {
		return nil
	}
	s := b.Day.String()
	if b.Timed {
		s = b.At.In(w.Location()).Format(time.RFC3339)
	}
	return &s
}

// list returns an empty list rather than none, for JSON.
func list[T any](s []T) []T { return append([]T{}, s...) }
