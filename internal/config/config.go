package config

import (
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/when"
)

// Config is a checked configuration with the calendar it names.
type Config struct {
	File       string   // as it was given to Load
	PublicURL  string   // what links begin with, without a slash at the end
	Listen     string   // host:port, or unix: and an absolute path
	Data       string   // folder of the database, or "" for the usual one
	Timezone   string   // IANA name: of dates that name none, and of times of day
	Events     []string // patterns of event files as they were written
	Slack      Slack    // how Slack is reached; its tokens are read apart
	Remind     Remind   // when reminders go out
	Routes     []notice.Route
	Digests    []Digest
	QuietHours *QuietHours    // nil is none
	Settle     time.Duration  // edits within it become one change notice
	CatchUp    time.Duration  // how late a notice still goes out on its own
	Feeds      []Feed         // at least one
	Heartbeat  Heartbeat      // off unless there is one
	Follow     []Follow       // calendars of others
	Calendars  when.Calendars // by which business days are counted
	Calendar   Calendar       // of attache.yaml itself and of every event file, in this order

	Files     []string // every file that was read, attache.yaml first
	Folders   []string // where a file can appear that a pattern names
	Unmatched Errors   // one for each pattern that names no file; only a mistake where files were there before
	Warnings  Errors

	places map[string]Error // of what is read later than the file: by key, slack.token_file
}

// Slack says how Slack is reached.
type Slack struct {
	TokenFile    string    // holds the bot token; "" is none
	AppTokenFile string    // holds the app token; "" is none
	APIURL       string    // with a slash at the end
	Channel      string    // where everything goes when there are no routes; "" is the console
	OnUnknown    OnUnknown // what to do when the fate of a message cannot be found out
}

// OnUnknown says what becomes of a message whose fate cannot be found out.
type OnUnknown string

// What can become of such a message.
const (
	Hold   OnUnknown = "hold" // the default: a person decides
	Resend OnUnknown = "resend"
	Drop   OnUnknown = "drop"
)

// Remind says how long before a date reminders go out.
type Remind struct {
	Ladders map[event.Kind][]notice.Lead // by kind
	Default []notice.Lead                // of kinds without a ladder
	At      civil.Clock                  // when in the day a lead of days falls due, in the event's zone
	Opens   []notice.Lead                // before the first day of a window
	Closes  []notice.Lead                // before the last day of a window
	Days    *when.Calendar               // whose business days are counted; nil is Monday to Friday
	// After how long it is asked whether a date still stands; zero is never.
	RecheckSettled, RecheckUnsettled notice.Lead
}

// Digest is a message about all that is coming.
type Digest struct {
	Name   string
	Cron   string // five fields, read in the configuration's Timezone
	To     string // channel name or id
	Covers notice.Lead
	Match  agenda.Filter
	Empty  bool // it goes out even where there is nothing to say
}

// QuietHours is when nothing is sent that can wait.
type QuietHours struct {
	From, To civil.Clock      // From is the later one where the night lies between
	Weekends bool             // Saturday and Sunday are quiet as a whole
	Holidays []*when.Calendar // whose holidays are quiet as a whole
	Timezone string           // IANA name
	Except   []Exception
}

// Exception is what quiet hours do not hold back.
type Exception struct {
	Match  agenda.Filter
	Within time.Duration // only this close to the date; 0 is always
}

// Rules returns what package notice plans by. Without routes everything goes to
// slack.channel, or to the console where that is empty too.
func (c *Config) Rules() notice.Rules {
	home := c.Slack.Channel
	if home == "" {
		home = "console"
	}
	return notice.Rules{
		Quiet:   c.QuietHours.rule(),
		Ladders: c.Remind.Ladders, Default: c.Remind.Default, At: c.Remind.At,
		Opens: c.Remind.Opens, Closes: c.Remind.Closes, Days: c.Remind.Days, Calendars: c.Calendars,
		RecheckSettled: c.Remind.RecheckSettled, RecheckUnsettled: c.Remind.RecheckUnsettled,
		Settle: c.Settle, CatchUp: c.CatchUp, Routes: c.Routes, Home: home,
		Location: location(c.Timezone),
	}
}

// location returns a zone that was checked where it was read.
func location(zone string) *time.Location {
	if loc, err := civil.Zone(zone); err == nil {
		return loc
	}
	return time.UTC
}

// rule returns what package notice goes by; nil is never quiet.
func (q *QuietHours) rule() *notice.Quiet {
	if q == nil {
		return nil
	}
	out := &notice.Quiet{
		From: q.From, To: q.To, Weekends: q.Weekends, Holidays: q.Holidays, Zone: q.Timezone, Location: location(q.Timezone),
	}
	for _, x := range q.Except {
		out.Except = append(out.Except, notice.Exempt{Match: x.Match, Within: x.Within})
	}
	return out
}

// Default returns the configuration of an empty file.
func Default() *Config {
	return &Config{
		Listen: "127.0.0.1:8080", PublicURL: "http://127.0.0.1:8080",
		Timezone: "America/New_York", Events: []string{"events/*.yaml"},
		Slack:  Slack{APIURL: "https://slack.com/api/", OnUnknown: Hold},
		Remind: defaultRemind(),
		Settle: 2 * time.Minute, CatchUp: 24 * time.Hour,
		Feeds:     []Feed{{Name: "all", Title: "Diplomatic calendar"}},
		Calendars: when.BuiltIn(),
	}
}

func defaultRemind() Remind {
	days := func(list ...int) (out []notice.Lead) {
		for _, n := range list {
			out = append(out, notice.Lead{N: n, Unit: notice.Days})
		}
		return out
	}
	return Remind{
		Ladders: map[event.Kind][]notice.Lead{
			event.Deadline: append(days(30, 7, 1), notice.Lead{N: 2, Unit: notice.Hours}),
			event.Meeting:  days(7, 1),
		},
		Default: days(7, 1), At: civil.Clock{Hour: 9},
		Opens: days(0), Closes: days(7, 1),
		RecheckUnsettled: notice.Lead{N: 30, Unit: notice.Days},
	}
}
