package config

import (
	"net"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"attache/internal/civil"
	"attache/internal/notice"
	"attache/internal/workday"
)

// Config is a checked configuration with the calendar it names: what attache.yaml says of
// how attache runs.
//
// The fields with a key are the shape of the file. They are read in this order, so that
// what others go by, the zone and the calendars, comes before them.
type Config struct {
	// The IANA zone of dates that name none and of times such as 09:00, as in America/New_York
	Timezone string `yaml:"timezone" as:"named zone" default:"America/New_York"`
	// By name: calendars of business days of your own, and changes to those that are built in
	Calendars workday.Calendars `yaml:"calendars"`
	// Where pages and feeds are served: host:port, or unix:/run/attache/http.sock
	Listen string `yaml:"listen" as:"listen" restart:"true" default:"127.0.0.1:8080"`
	// What links and subscriptions begin with, as in https://calendar.example.org. Left out, it is the address that is listened on
	PublicURL string `yaml:"public_url" as:"address"` // without a slash at the end; see PublicAt
	// On which day the weeks of the pages begin. Left out, it is as in the reader's language
	WeekStarts string `yaml:"week_starts" choice:"monday,sunday"`
	// How long a meeting of which no end is known takes in feeds, as in 1h
	DefaultLength time.Duration `yaml:"default_length" default:"30m"`
	// The folder of attache.db. Left out, it is that of the service, or ~/.local/state/attache
	Data string `yaml:"data" as:"folder" restart:"true"`
	// The event files, as patterns relative to this file. [] is none, on purpose
	Events []string `yaml:"events" as:"patterns" default:"[events/*.yaml]"`
	// How Slack is reached. Without a token notices are shown on the console
	Slack Slack `yaml:"slack" default:"{api_url: 'https://slack.com/api/', on_unknown: hold, answer: {who: channel}}"`
	// When to be reminded, by kind of event. An event's own remind replaces the ladder of its kind
	Remind Remind `yaml:"remind" default:"{deadline: [30d, 7d, 1d, 2h], meeting: [7d, 1d], default: [7d, 1d], at: '09:00', window: {opens: [0d], closes: [7d, 1d]}, recheck: {settled: never, unsettled: 30d}}"`
	// Edits within this time become one change notice, as in 2m
	Settle time.Duration `yaml:"settle" default:"2m"`
	// After a break, how late a notice still goes out on its own, as in 24h
	CatchUp time.Duration `yaml:"catch_up" default:"24h"`
	// Who is told what. Every route that matches is used; without routes it all goes to slack.channel
	Routes []notice.Route `yaml:"routes" item:"a route"`
	// Messages about all that is coming, at recurring times
	Digests []Digest `yaml:"digests" item:"a digest"`
	// When nothing is sent that can wait
	QuietHours *QuietHours `yaml:"quiet_hours"` // nil is none
	// Groups of readers, and which events are for them alone. The first that chooses an event counts
	Audiences []Audience `yaml:"audiences" item:"an audience"`
	// By what it is known who asks for pages, besides personal links
	Access *Access `yaml:"access"` // nil is by links alone
	// Calendars to subscribe to, at /feeds/NAME.ics
	Feeds []Feed `yaml:"feeds" item:"a feed" default:"[{name: all, title: Diplomatic calendar}]"` // at least one
	// An address that is fetched while all is well, so that a service elsewhere notices when it is not
	Heartbeat Heartbeat `yaml:"heartbeat"`
	// What the log tells
	Log Log `yaml:"log"`
	// Where the machines meet that keep this calendar together
	Cluster *Cluster `yaml:"cluster" restart:"true"` // nil is one machine alone
	// iCalendar calendars of others whose events are taken over
	Follow []Follow `yaml:"follow" item:"a calendar to follow"`
	// Sources and events that stand in this file itself
	Calendar Calendar `yaml:"calendar"` // with those of every event file, in the order of the files

	File      string   // as it was given to Load
	Files     []string // every file that was read, attache.yaml first
	Folders   []string // where a file can appear that a pattern names
	Unmatched Errors   // one for each pattern that names no file; only a mistake where files were there before
	Warnings  Errors

	drafts []Document // that were read in place of the files of their names

	secrets  []secretFile     // in the order in which they are named
	starts   map[string]place // where the keys stand that count at a start alone
	patterns []place          // where each pattern of Events stands; none where they are the default
}

// Slack says how Slack is reached.
type Slack struct {
	// A file that only you can read, with the bot token (xoxb-…). Or $SLACK_BOT_TOKEN, or the systemd credential slack-bot-token
	TokenFile string `yaml:"token_file" as:"secret file"`
	// A file with the app token (xapp-…), for buttons and commands. Or $SLACK_APP_TOKEN, or the credential slack-app-token
	AppTokenFile string `yaml:"app_token_file" as:"secret file"`
	// Where the Slack API is, for tests and proxies
	APIURL string `yaml:"api_url" as:"address"` // with a slash at the end
	// Where everything goes without routes, as in "#diplomacy": in quotes, since # begins a comment
	Channel string `yaml:"channel" as:"channel"` // "" is the console
	// What becomes of a message of which nobody can say whether it arrived: hold it for a person, resend it, or drop it
	OnUnknown OnUnknown `yaml:"on_unknown" choice:"hold,resend,drop"`
	// Who may answer by buttons and forms. Left out, the members of the channel may
	Answer Answerers `yaml:"answer" default:"{who: channel}"`
}

// Answerers says who may answer in Slack.
type Answerers struct {
	// channel: everybody in the channel who belongs to the workspace. listed: only those named here
	Who string `yaml:"who" choice:"channel,listed"`
	// Ids of people, as in U012ABCDEF. Guests of other workspaces may answer only where they are listed
	Users []string `yaml:"users"`
	// Ids of user groups, as in S012ABCDEF. The app needs the scope usergroups:read for them
	Usergroups []string `yaml:"usergroups"`
}

// Log says what the log tells.
type Log struct {
	// Whether it names the titles of events that were revised. Left out, it has their ids alone: titles may not be for everybody
	Titles bool `yaml:"titles"`
}

// Listed is the Who that lets only those answer who are named.
const Listed = "listed"

// check refuses what is no id, and a list that names nobody.
func (a *Answerers) check(r *reader, f field, written fieldList) {
	for i, u := range a.Users {
		if !slackID.MatchString(u) || u[0] == 'S' {
			r.fail(itemOf(written.get("users").v, i), "users: %s is no id of a person: it begins with U or W, and stands in their profile under Copy member ID", quoted(u))
		}
	}
	for i, g := range a.Usergroups {
		if !slackID.MatchString(g) || g[0] != 'S' {
			r.fail(itemOf(written.get("usergroups").v, i), "usergroups: %s is no id of a user group: it begins with S", quoted(g))
		}
	}
	if a.Who == Listed && len(a.Users)+len(a.Usergroups) == 0 {
		r.fail(written.get("who").v, "who: listed needs users or usergroups, else nobody may answer")
	}
}

// itemOf returns where the item i of a list stands; a list of one may be written without brackets.
func itemOf(list *yaml.Node, i int) *yaml.Node {
	if i < len(list.Content) {
		return list.Content[i]
	}
	return list
}

var slackID = regexp.MustCompile(`^[UWS][A-Z0-9]{2,20}$`)

func (s *Slack) check(*reader, field, fieldList) { s.APIURL = strings.TrimRight(s.APIURL, "/") + "/" }

// OnUnknown says what becomes of a message whose fate cannot be found out.
type OnUnknown string

// What can become of such a message.
const (
	Hold   OnUnknown = "hold" // the default: a person decides
	Resend OnUnknown = "resend"
	Drop   OnUnknown = "drop"
)

// Default returns the configuration of an empty file.
func Default() *Config {
	c := &Config{Calendars: workday.BuiltIn()}
	newReader(newFileText("", nil), &findings{}, c, newCollected()).setDefaults(c)
	return c
}

// check fills in what follows from other keys.
func (c *Config) check(r *reader, _ field, written fieldList) {
	c.starts = map[string]place{}
	for key := range c.Starts() {
		if f := written.get(key); f.k != nil {
			c.starts[key] = r.at(f.v)
		}
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	if c.QuietHours != nil && c.QuietHours.Timezone == "" {
		c.QuietHours.Timezone = c.Timezone
	}
}

// PublicAt returns what links begin with where attache listens at listen: what the file
// says, or the address itself. A socket in a folder has none that a browser knows, so that
// the usual one stands for it.
func (c *Config) PublicAt(listen string) string {
	if c.PublicURL != "" {
		return c.PublicURL
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil || strings.HasPrefix(listen, "unix:") {
		return "http://127.0.0.1:8080"
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// Rules returns what package notice plans by. Without routes everything goes to
// slack.channel, or to the console where that is empty too.
func (c *Config) Rules() notice.Rules {
	home := c.Slack.Channel
	if home == "" {
		home = "console"
	}
	return notice.Rules{
		Quiet:   c.QuietHours.rule(c.Remind.At),
		Ladders: c.Remind.Ladders, Default: c.Remind.Default, At: c.Remind.At,
		Opens: c.Remind.Window.Opens, Closes: c.Remind.Window.Closes, Days: c.Remind.Days, Calendars: c.Calendars,
		RecheckSettled: c.Remind.Recheck.Settled, RecheckUnsettled: c.Remind.Recheck.Unsettled,
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

// rule returns what package notice goes by; nil is never quiet. at is when in the day what
// was held over free days alone goes out.
func (q *QuietHours) rule(at civil.Clock) *notice.Quiet {
	if q == nil {
		return nil
	}
	return &notice.Quiet{
		From: q.From, To: q.To, Weekends: q.Weekends, Holidays: q.Holidays,
		Zone: q.Timezone, Location: location(q.Timezone), At: at, Except: q.Except,
	}
}
