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
	e, err := ParseEDTF(text)
	if err != nil {
		return Expr{}, err
	}
	return Expr{Form: Extended, EDTF: e.String()}, nil
}

// checkExtended says what is wrong with an expression of this form.
func (e Expr) checkExtended() error {
	got, err := ParseEDTF(e.EDTF)
	switch {
	case err != nil:
		return &FieldError{string(Extended), err.Error()}
	case got.String() != e.EDTF, e.A != (Point{}), e.B != (Point{}), e.Lasts != (Length{}):
		return &FieldError{string(Extended), "stands alone, and as EDTF writes it"}
	}
	return nil
}

// hull returns the smallest window that holds every option of e.
func (e Expr) hull(zone, by string) Window {
	parsed, err := ParseEDTF(e.EDTF)
	if err != nil { // it was checked
		return Unknown(zone)
	}
	var w Window
	for i, o := range parsed.Windows(zone, by, DefaultWidths()) {
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
	parsed, err := ParseEDTF(e.EDTF)
	if err != nil {
		return e.EDTF
	}
	var options []string
	for _, s := range parsed.Spans {
		first, last := s.First.Date.First(), s.Last.Date.Last()
		if s.First.State != EDTFStated || s.Last.State != EDTFStated || s.First.Date.Timed {
			return e.EDTF
		}
		words := civil.Range(first, last, " to ")
		if s.First == s.Last && s.First.Date.parts()[0].known() && s.First.Date.Grain() != civil.GrainDay {
			if p, err := civil.ParsePeriod(strings.TrimRight(s.First.Date.String(), "?~%")); err == nil {
				words = p.Words()
			}
		}
		options = append(options, words)
	}
	text := strings.Join(options, " or ")
	if parsed.Approx() {
		text = "about " + text
	}
	if parsed.Uncertain() {
		text += ", uncertain"
	}
	return text
}

// Soft reports whether the bounds that e gives are a convention or a guess rather than
// stated: those of a season, of what is approximate, and of business days that are not
// published yet.
func (e Expr) Soft() bool {
	if e.Form == Extended {
		parsed, err := ParseEDTF(e.EDTF)
		return err == nil && (e.Loose || parsed.Soft())
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
	parsed, err := ParseEDTF(e.EDTF)
	if e.Form != Extended || err != nil || parsed.Kind != EDTFOneOf || len(parsed.Spans) < 2 {
		return nil
	}
	var out []string
	for _, s := range parsed.Spans {
		out = append(out, s.option())
	}
	return out
}
