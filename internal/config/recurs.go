package config

import (
	"cmp"
	"strings"

	"go.yaml.in/yaml/v4"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/recur"
	"attache/internal/when"
)

// recurring reads how the date e comes again, from the keys beside it, and puts it into
// e. It is false where that is wrong.
func (r *reader) recurring(e *when.Expr, s *statement, p fieldList) bool {
	if s.Recurs.k == nil {
		for _, f := range []field{s.Except, s.Also} {
			if f.k != nil {
				r.fail(f.k, "%s goes with recurs: add the rule, such as recurs: FREQ=MONTHLY;BYDAY=1FR", f.key)
			}
		}
		return s.Except.k == nil && s.Also.k == nil
	}
	if p.count(dateKeys()...) > p.count("on", "at", "from", "to", "lasts") || p.count("on", "at") == 2 {
		r.fail(s.Recurs.k, "a series has one first day: state it with on, at or from alone")
		return false
	}
	rule, ok := r.rule(s.Recurs)
	except, holidays, fine := r.exceptions(s.Except, s.Calendar)
	also, zones, good := r.besides(s.Also, *e, s.Calendar)
	if !ok || !fine || !good {
		return false
	}
	e.Recurs = when.NewRecurs(rule, except, also, zones)
	if s.Calendar.k != nil && e.Lasts.Business == 0 {
		holidays = append(holidays, r.resolve(s.Calendar.v).Value)
	}
	for _, name := range holidays {
		if _, known := r.cfg.Calendars.Find(name); known { // else that has been said
			e.Recurs = e.Recurs.But(name)
		}
	}
	return true
}

// rule reads a rule of RFC 5545.
func (r *reader) rule(f field) (recur.Rule, bool) {
	if r.null(f.v) {
		r.fail(f.k, "recurs has no rule behind it: write one as FREQ=MONTHLY;BYDAY=1FR")
		return recur.Rule{}, false
	}
	return parsedDate(r, f, recur.ParseRule)
}

// listed returns the items of f, and whether it is a list; no field has none. One date alone
// is a list of one.
func (r *reader) listed(f field) ([]field, bool) {
	if f.k == nil {
		return nil, true
	}
	n := mended(r.resolve(f.v))
	f.v = n
	if n.Kind == yaml.ScalarNode && n.Tag != "!!null" {
		return []field{f}, true
	}
	return r.list(f), n.Kind == yaml.SequenceNode || n.Tag == "!!null"
}

// exceptions reads the days on which a series does not come, and the calendars on whose
// holidays it does not.
func (r *reader) exceptions(f, calendar field) (days []civil.Date, holidays []string, ok bool) {
	items, ok := r.listed(f)
	for _, item := range items {
		n := r.date(item)
		if n == nil {
			ok = false
			continue
		}
		if name, all := when.ParseHolidays(n.Value); all {
			name, good := r.holidaysOf(n, name, calendar)
			holidays, ok = append(holidays, name), ok && good
			continue
		}
		p, good := r.point(item)
		first, last, found := r.daysOf(p, item, calendar)
		if good && found && (first != last || p.Timed) {
			r.fail(item.v, "%s is not a day", quoted(p.String()))
			good = false
		}
		days, ok = append(days, first), ok && good && found
	}
	return days, holidays, ok
}

// holidaysOf returns the calendar whose holidays are meant at n: that of the name, or else of
// the statement or of its event.
func (r *reader) holidaysOf(n *yaml.Node, name string, calendar field) (string, bool) {
	if name == "" && calendar.k != nil {
		name = r.resolve(calendar.v).Value
	}
	if name = cmp.Or(name, r.event.calendar); name == "" {
		r.fail(n, "holidays of which calendar? write holidays(EU): there are %s", strings.Join(r.cfg.Calendars.Names(), ", "))
		return "", false
	}
	if _, ok := r.cfg.Calendars.Find(name); !ok {
		r.fail(n, "%s", oneLine(r.cfg.Calendars.Missing(name).Error()))
		return "", false
	}
	return name, true
}

// besides reads the days on which a series comes besides. Those without a time of day
// have that of the series.
func (r *reader) besides(f field, e when.Expr, calendar field) (points []when.Point, zones []string, ok bool) {
	items, ok := r.listed(f)
	for _, item := range items {
		point, zone, good := r.pointAndZone(item)
		if good && !point.Ref.IsZero() {
			var first, last civil.Date
			if first, last, good = r.daysOf(point, item, calendar); first == last {
				point = when.Point{Period: civil.Day(first)}
			}
		}
		if e.A.Timed && !point.Timed && point.Period.IsDay() {
			point.Timed, point.Clock = true, e.A.Clock
		}
		points, zones, ok = append(points, point), append(zones, zone), ok && good
	}
	return points, zones, ok
}

// unlike warns of days that are not as the rule says, which is most often a slip: the
// first one, and those that are taken out of it.
func (r *reader) unlike(e when.Expr, written *statement) {
	e, _ = e.With(r.cfg.Calendars) // what there is not has been said
	s, ok := e.Series(r.cfg.Timezone, "")
	if !ok {
		return
	}
	first, ok := s.Start()
	if !ok {
		r.found.warn(r.at(written.Except.v), "every day of the rule is left out, so that no date is left: say what became of it with status, or leave out the event")
	}
	if ok && !s.Fits() && !first.Wall.Equal(s.First) {
		n := r.resolve(written.Recurs.v)
		r.found.warn(r.at(n), "the rule does not have %s: the series begins on %s", civil.Long(civil.DateOf(s.First, s.First.Location())), civil.Long(first.Window.Earliest.Day))
	}
	excepted := make(map[civil.Date]bool)
	for _, at := range s.Excepted(civil.Date{}) {
		excepted[civil.DateOf(at, at.Location())] = true
	}
	if name, ok := s.Idle(); ok {
		f := written.Except
		if written.Calendar.k != nil {
			f = written.Calendar
		}
		r.found.warn(r.at(f.k), "%s has no effect: the series comes on no holiday of %s that is known", f.key, quoted(name))
	}
	items, _ := r.listed(written.Except)
	for _, item := range items {
		n := r.resolve(item.v)
		if d, err := civil.ParseDate(n.Value); err == nil && !excepted[d] {
			r.found.warn(r.at(n), "the rule does not have %s, so there is nothing to leave out", civil.Long(d))
		}
	}
}

// checkSeries refuses a series beside other statements: which of its days they would
// bound is open. n is where the dates of e stand.
func (r *reader) checkSeries(e event.Event, f field) {
	inForce, series := 0, false
	for _, s := range e.When {
		if s.SupersededBy == "" {
			inForce++
			series = series || !s.Expr.Recurs.IsZero()
		}
	}
	if !series {
		return
	}
	r.all.series[e.ID] = true
	if inForce > 1 {
		r.fail(f.k, "a series stands alone: put single days under also, and what is superseded under superseded_by")
	}
}
