package ical

import (
	"fmt"
	"time"

	goical "github.com/emersion/go-ical"

	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/when"
)

// date returns what a VEVENT says of its date, and the zone in which its days are meant
// where it has a time. overrides are the occurrences of a series that have events of their own.
func (z *zones) date(c *goical.Component, overrides map[string]*vevent) (x when.Expr, zone string, err error) {
	p := c.Props.Get(goical.PropDateTimeStart)
	if p == nil {
		return when.Expr{Form: when.TBD}, "", nil
	}
	start, err := z.timeOf(p)
	if err != nil {
		return x, "", err
	}
	length, err := z.length(c, start)
	if err != nil {
		z.lack("end", "%w: its end is left out", err)
		length = 0
	}
	x = exprOf(start, length)
	if err := x.Check(); err != nil {
		return x, "", err
	}
	if c.Props.Get(goical.PropRecurrenceRule) != nil && c.Props.Get(goical.PropRecurrenceID) == nil {
		if series, err := z.series(c, start, x, overrides); err != nil {
			z.lack("series", "it repeats, and only its first occurrence is taken: %v", err)
		} else {
			x = series
		}
	}
	return x, regional(start.zone), nil
}

// regional returns a zone whose days people can be told of, "" for none: an instant in
// UTC says nothing about where it is.
func regional(zone string) string {
	if zone == "UTC" {
		return ""
	}
	return zone
}

// exprOf returns what is said by a start and a length: whole days where it is a day.
func exprOf(start localTime, length time.Duration) when.Expr {
	day := civil.Date{Year: start.naive.Year(), Month: start.naive.Month(), Day: start.naive.Day()}
	at := when.Point{Period: civil.Day(day)}
	if start.dated {
		days := int(length / (24 * time.Hour))
		if days <= 1 {
			return when.Expr{Form: when.On, A: at}
		}
		return when.Expr{Form: when.From, A: at, B: when.Point{Period: civil.Day(day.AddDays(days - 1))}}
	}
	at.Timed = true
	at.Clock = civil.Clock{Hour: start.naive.Hour(), Minute: start.naive.Minute(), Second: start.naive.Second()}
	x := when.Expr{Form: when.At, A: at, Zone: start.zone}
	if minutes := int(length / time.Minute); minutes > 0 {
		x.Lasts = when.Length{Minutes: minutes}
	}
	return x
}

// longest is how long an event may last.
const longest = 366 * 24 * time.Hour

// length returns how long c lasts, 0 where it does not say: its DTEND, which is not part
// of it, or its DURATION (RFC 5545 §3.6.1).
func (z *zones) length(c *goical.Component, start localTime) (d time.Duration, err error) {
	if p := c.Props.Get(goical.PropDateTimeEnd); p != nil {
		end, err := z.timeOf(p)
		if err != nil {
			return 0, err
		}
		if end.dated != start.dated {
			return 0, fmt.Errorf("it ends with a %s and starts with a %s", typeOf(end), typeOf(start))
		}
		d = z.between(start, end)
	} else if p := c.Props.Get(goical.PropDuration); p != nil {
		if d, err = p.Duration(); err != nil {
			return 0, fmt.Errorf("its duration %q can't be read", prose.Clip(p.Value, maxQuoted))
		}
	}
	if d < 0 || d > longest {
		return 0, fmt.Errorf("it ends before it starts, or after more than a year")
	}
	return d, nil
}

func typeOf(t localTime) string {
	if t.dated {
		return "day"
	}
	return "time"
}

// between returns the time that passes between two moments.
func (z *zones) between(a, b localTime) time.Duration {
	if a.zone == b.zone && a.dated {
		return b.naive.Sub(a.naive)
	}
	return b.instant().Sub(a.instant())
}

// instant returns when a time is.
func (t localTime) instant() time.Time {
	loc, err := civil.Zone(t.zone)
	if err != nil {
		return t.naive // a day
	}
	d := civil.Date{Year: t.naive.Year(), Month: t.naive.Month(), Day: t.naive.Day()}
	at, _ := civil.Resolve(d, civil.Clock{Hour: t.naive.Hour(), Minute: t.naive.Minute(), Second: t.naive.Second()}, loc)
	return at
}
