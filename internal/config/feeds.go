package config

import (
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/notice"
)

// Feed is a calendar that people subscribe to. What is nil or empty is as usual.
type Feed struct {
	// As it stands in the address, /feeds/NAME.ics
	Name string `yaml:"name" as:"id" required:"it stands in the address, as in /feeds/NAME.ics"`
	// As calendar apps show it
	Title string `yaml:"title"`
	// Which events; left out, all of them
	Match agenda.Filter `yaml:"match"`
	// Whether it is reached by a secret address only
	Private bool `yaml:"private"`
	// Of a private feed: the audiences whose events it shows, besides what is for everybody. Left out, the feed is an audience of its own
	Audiences []string `yaml:"audiences" as:"audiences"`
	// Alarms that calendar apps give, before the date
	Alarms []notice.Lead `yaml:"alarms"` // in m, h, d and w
	// How what is called off is shown: by its status, in its title, or both
	Cancelled string `yaml:"cancelled" choice:"status,title,both"`
	// How a date is shown of which only a window is known: its edges, its whole span, or none of it
	Windows string `yaml:"windows" choice:"edges,span,none"`
	// Whether descriptions tell the date as EDTF writes it too, for those who know that
	Technical bool `yaml:"technical"`
	// Kinds that take up time in the calendars of others, once their hour is known
	Busy []event.Kind `yaml:"busy"`
	// How long what was called off stays, as in 90d
	Keep *notice.Lead `yaml:"keep"`
	// How long what has passed stays
	Past *notice.Lead `yaml:"past"`
	// How far ahead the feed looks
	Ahead *notice.Lead `yaml:"ahead"`
	// How often calendars should ask, as in 1h
	Refresh time.Duration `yaml:"refresh"` // 0 is an hour
	// How many entries the feed has at most; 0 is no limit
	MaxEntries *int `yaml:"max_entries" range:"0 1000000"`
	// How large the feed is at most, in bytes; 0 is no limit
	MaxBytes *int `yaml:"max_bytes" range:"0 1073741824"`
	// Whether it is compressed for those who ask for it
	NoGzip bool `yaml:"gzip" as:"unless"`
}

func (feed *Feed) check(r *reader, f field, written fieldList) {
	r.unique(f, feed.Name, written)
	switch {
	case len(feed.Audiences) > 0 && !feed.Private:
		r.fail(written.get("audiences").k, "the feed %s is public, so that it shows what is for everybody: write private: true, or leave audiences out", quoted(feed.Name))
	case feed.Private && len(feed.Audiences) == 0:
		r.all.audience(feed.Name, r.at(f.v), r.found)
	}
	if feed.Title == "" {
		feed.Title = feed.Name
	}
	for key, l := range map[string]*notice.Lead{"keep": feed.Keep, "past": feed.Past, "ahead": feed.Ahead} {
		if l != nil && (l.Elapsed() || l.Unit == notice.BusinessDays) {
			r.fail(written.get(key).v, "%s counts in days, weeks or months: write it as 30d, 12w or 24mo", key)
		}
	}
	for _, l := range feed.Alarms {
		if l.Unit == notice.Months || l.Unit == notice.BusinessDays {
			r.fail(written.get("alarms").v, "calendar programs count neither months nor business days: write alarms in m, h, d and w, not %s", l)
			break
		}
	}
}
