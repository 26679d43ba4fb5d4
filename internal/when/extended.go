package when

import (
	"strings"

	"attache/internal/civil"
)

// Extended is the form of what the other forms cannot say: an EDTF with a sign that
// qualifies it, digits not known, an open end, or several options.
const Extended Form = "edtf"

// extended returns the expression of an EDTF text, where it is one.
func extended(text string) (Expr, error) {
	e, err := parseEDTF(text)
	if err != nil {
		return Expr{}, err
	}
	return Expr{Form: Extended, EDTF: e.String()}, nil
}

// checkExtended reports what is wrong with an expression of this form.
func (e Expr) checkExtended() error {
	got, err := parseEDTF(e.EDTF)
	switch {
	case err != nil:
		return &FieldError{string(Extended), err.Error()}
	case got.String() != e.EDTF, e.A != (Point{}), e.B != (Point{}), e.Lasts != (Length{}):
		return &FieldError{string(Extended), "stands alone, and as EDTF writes it"}
	}
	return nil
}

// edtf returns the EDTF of e, and false where e is of another form.
func (e Expr) edtf() (edtf, bool) {
	if e.Form != Extended {
		return edtf{}, false
	}
	parsed, err := parseEDTF(e.EDTF)
	return parsed, err == nil
}

// hull returns the smallest window that holds every option of e.
func (e Expr) hull(zone, by string) Window {
	parsed, ok := e.edtf()
	if !ok { // it was checked
		return Unknown(zone)
	}
	var w Window
	for i, o := range parsed.windows(zone, by) {
		if i == 0 {
			w = o
			continue
		}
		a, b := w.edges(), o.edges()
		for k, to := range []*Bound{&w.Earliest, &w.Latest, &w.EndsEarliest, &w.EndsLatest} {
			sign := -1
			if k%2 == 1 {
				sign = 1
			}
			if *to = (Bound{}); a[k].Known() && b[k].Known() {
				*to = stricter(a[k], b[k], sign).in(w.zone())
			}
		}
	}
	return w.Refined()
}

// extendedWords returns e as one would say it.
func (e Expr) extendedWords() string {
	parsed, ok := e.edtf()
	if !ok {
		return e.EDTF
	}
	var options []string
	for _, s := range parsed.Spans {
		first, last := s.First.First(), s.Last.Last()
		if s.First.State != endStated || s.Last.State != endStated || s.First.Timed && s.First != s.Last {
			return e.EDTF
		}
		words := civil.Range(first, last, " to ")
		if s.First.Timed {
			words = strings.TrimRight(words+", "+s.First.Clock.String()+" "+s.First.Zone, " ")
		} else if s.First == s.Last && s.First.parts()[0].known() && s.First.Grain() != civil.GrainDay {
			if p, err := civil.ParsePeriod(strings.TrimRight(s.First.String(), "?~%")); err == nil {
				words = p.Words()
			}
		}
		options = append(options, words)
	}
	text := strings.Join(options, " or ")
	if plain := Either(e.Options()); plain != "" {
		text = plain
	}
	if parsed.any(edtfDate.Approx) {
		text = "about " + text
	}
	if parsed.any(edtfDate.Uncertain) {
		text += ", uncertain"
	}
	return text
}

// Soft reports whether the bounds that e gives are a convention or a guess rather than
// stated: those of a season, of what is approximate, and of business days that are not
// published yet.
func (e Expr) Soft() bool {
	if parsed, ok := e.edtf(); ok {
		return e.Loose || parsed.any(edtfDate.Soft)
	}
	return e.Loose || e.A.Period.Soft() || e.B.Period.Soft() || e.UsesCalendar() && e.LeansOn() == "" && e.beyond()
}

// beyond reports whether a bound of e, which leans on no event, rests on days of which it is
// not known yet whether they are worked.
func (e Expr) beyond() bool {
	w := e.strict("UTC", "")
	return w.Earliest.Soft || w.Latest.Soft || w.EndsLatest.Soft
}

// Options returns the days or periods of which e holds on one, as EDTF writes them; nil
// where it is no such set.
func (e Expr) Options() []string {
	parsed, _ := e.edtf()
	if parsed.Kind != oneOfSet || len(parsed.Spans) < 2 {
		return nil
	}
	var out []string
	for _, s := range parsed.Spans {
		out = append(out, s.option())
	}
	return out
}

// OptionWindows returns a window for each option of which e holds on one, in order of their
// first days, and nil where it is no such set. zone and by are as for Window.
func (e Expr) OptionWindows(zone, by string) []Window {
	parsed, ok := e.edtf()
	if !ok || parsed.Kind != oneOfSet {
		return nil
	}
	if e.Zone != "" {
		zone = e.Zone
	}
	list := parsed.windows(civil.ZoneName(zone), by)
	if len(list) < 2 {
		return nil
	}
	return list
}

// Uncertain reports whether the source itself doubts it, which EDTF writes as ?.
func (e Expr) Uncertain() bool {
	parsed, ok := e.edtf()
	return ok && parsed.any(edtfDate.Uncertain)
}
