package config

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"

	"attache/internal/event"
	"attache/internal/notice"
)

// What follows are the shapes of the files as editors are to know them. The schemas in
// the folder config at the top are made of them:
//
//	go test ./internal/config -run Schema -update
//
// Every key that the reader takes stands in one of the shapes, with what a person is told
// who points at it.

type settingsShape struct {
	PublicURL  text                   `json:"public_url" jsonschema_description:"What links and subscriptions begin with, as in https://calendar.example.org"`
	Listen     text                   `json:"listen" jsonschema_description:"Where pages and feeds are served: host:port, or unix:/run/attache/http.sock"`
	Data       text                   `json:"data" jsonschema_description:"The folder of attache.db. Left out, it is that of the service, or ~/.local/state/attache"`
	Timezone   text                   `json:"timezone" jsonschema_description:"The IANA zone of dates that name none and of times such as 09:00, as in America/New_York"`
	Events     list[text]             `json:"events" jsonschema_description:"The event files, as patterns relative to this file. [] is none, on purpose"`
	Slack      slackShape             `json:"slack" jsonschema_description:"How Slack is reached. Without a token notices are shown on the console"`
	Remind     remindShape            `json:"remind" jsonschema_description:"When to be reminded, by kind of event. An event's own remind replaces the ladder of its kind"`
	Routes     list[routeShape]       `json:"routes" jsonschema_description:"Who is told what. Every route that matches is used; without routes it all goes to slack.channel"`
	Digests    list[digestShape]      `json:"digests" jsonschema_description:"Messages about all that is coming, at recurring times"`
	QuietHours quietShape             `json:"quiet_hours" jsonschema_description:"When nothing is sent that can wait"`
	Settle     duration               `json:"settle" jsonschema_description:"Edits within this time become one change notice, as in 2m"`
	CatchUp    duration               `json:"catch_up" jsonschema_description:"After a break, how late a notice still goes out on its own, as in 24h"`
	Feeds      list[feedShape]        `json:"feeds" jsonschema_description:"Calendars to subscribe to, at /feeds/NAME.ics"`
	Calendar   calendarShape          `json:"calendar" jsonschema_description:"Sources and events that stand in this file itself"`
	Calendars  dict[ownCalendarShape] `json:"calendars" jsonschema_description:"By name: calendars of business days of your own, and changes to those that are built in"`
	Follow     list[followShape]      `json:"follow" jsonschema_description:"iCalendar calendars of others whose events are taken over"`
	Heartbeat  heartbeatShape         `json:"heartbeat" jsonschema_description:"An address that is fetched while all is well, so that a service elsewhere notices when it is not"`
}

type slackShape struct {
	TokenFile    text                                `json:"token_file" jsonschema_description:"A file that only you can read, with the bot token (xoxb-…). Or $SLACK_BOT_TOKEN, or the systemd credential slack-bot-token"`
	AppTokenFile text                                `json:"app_token_file" jsonschema_description:"A file with the app token (xapp-…), for buttons and commands. Or $SLACK_APP_TOKEN, or the credential slack-app-token"`
	APIURL       text                                `json:"api_url" jsonschema_description:"Where the Slack API is, for tests and proxies"`
	Channel      text                                `json:"channel" jsonschema_description:"Where everything goes without routes, as in \"#diplomacy\": in quotes, since # begins a comment"`
	OnUnknown    choice[OnUnknown, onUnknownChoices] `json:"on_unknown" jsonschema_description:"What becomes of a message of which nobody can say whether it arrived: hold it for a person, resend it, or drop it"`
}

// remindShape has the kinds of events besides, each with its ladder.
type remindShape struct {
	Default  list[lead]   `json:"default" jsonschema_description:"Of kinds without a ladder of their own"`
	At       text         `json:"at" jsonschema_description:"When in the day a reminder goes out whose lead counts in days, as in \"09:00\""`
	Window   windowShape  `json:"window" jsonschema_description:"For events that take place on some day of a window"`
	Recheck  recheckShape `json:"recheck" jsonschema_description:"After how long it is asked whether a date still stands"`
	Calendar text         `json:"calendar" jsonschema_description:"Whose business days are counted, as in US; left out, Monday to Friday"`
}

type windowShape struct {
	Opens  list[lead] `json:"opens" jsonschema_description:"Before its first day, while no date is known"`
	Closes list[lead] `json:"closes" jsonschema_description:"Before its last day, while no date is known"`
}

type recheckShape struct {
	Settled   text `json:"settled" jsonschema_description:"Of dates that are settled: a time such as 60d, or never"`
	Unsettled text `json:"unsettled" jsonschema_description:"Of dates that are not: a time such as 30d, or never"`
}

type matchShape struct {
	Topics       list[text]                                      `json:"topics" jsonschema_description:"Only events of one of these topics"`
	Parties      list[text]                                      `json:"parties" jsonschema_description:"Only events with one of these parties"`
	Kinds        list[choice[event.Kind, kindChoices]]           `json:"kinds" jsonschema_description:"Only events of one of these kinds"`
	Statuses     list[choice[event.Status, statusChoices]]       `json:"statuses" jsonschema_description:"Only events with one of these statuses"`
	Certainties  list[choice[event.Certainty, certaintyChoices]] `json:"certainties" jsonschema_description:"Only events with one of these certainties"`
	MinCertainty choice[event.Certainty, certaintyChoices]       `json:"min_certainty" jsonschema_description:"Only events that are at least this certain"`
}

type limitedShape struct {
	matchShape
	Within duration `json:"within" jsonschema_description:"Only this close to the date, as in 24h"`
}

type routeShape struct {
	To      text                                     `json:"to" jsonschema:"required" jsonschema_description:"The channel, by name or id, as in \"#trade-desk\""`
	Match   matchShape                               `json:"match" jsonschema_description:"Which events; left out, all of them"`
	Notices list[choice[notice.Kind, noticeChoices]] `json:"notices" jsonschema_description:"Which notices; left out, all of them"`
	Mention dict[limitedShape]                       `json:"mention" jsonschema_description:"Whom to mention, and when: @here, @channel, or the id of a user or of a user group"`
}

type digestShape struct {
	Name   text       `json:"name" jsonschema:"required" jsonschema_description:"What the digest is called"`
	Cron   text       `json:"cron" jsonschema:"required" jsonschema_description:"When, in five fields, as in \"0 8 * * MON\""`
	To     text       `json:"to" jsonschema:"required" jsonschema_description:"The channel, by name or id"`
	Covers lead       `json:"covers" jsonschema_description:"How far ahead it looks, as in 7d"`
	Match  matchShape `json:"match" jsonschema_description:"Which events; left out, all of them"`
	Empty  truth      `json:"empty" jsonschema_description:"Whether it goes out even where there is nothing to say"`
}

type quietShape struct {
	From     text               `json:"from" jsonschema_description:"When quiet hours begin, as in \"20:00\""`
	To       text               `json:"to" jsonschema_description:"When they end, as in \"07:00\""`
	Weekends truth              `json:"weekends" jsonschema_description:"Whether Saturday and Sunday are quiet as a whole"`
	Holidays list[text]         `json:"holidays" jsonschema_description:"Calendars such as US whose holidays are quiet as a whole"`
	Timezone text               `json:"timezone" jsonschema_description:"The IANA zone of from and to"`
	Except   some[limitedShape] `json:"except" jsonschema_description:"What is not held back"`
}

// editShape is an edit of a rehearsal: no part of the files that editors know.
type editShape struct {
	At     text       `json:"at" jsonschema_description:"When somebody makes it"`
	ID     text       `json:"id" jsonschema_description:"Of the event"`
	Set    eventShape `json:"set" jsonschema_description:"What its fields become"`
	Reason text       `json:"reason" jsonschema_description:"Why"`
}

type feedShape struct {
	Name       text                                  `json:"name" jsonschema:"required" jsonschema_description:"As it stands in the address, /feeds/NAME.ics"`
	Title      text                                  `json:"title" jsonschema_description:"As calendar apps show it"`
	Match      matchShape                            `json:"match" jsonschema_description:"Which events; left out, all of them"`
	Private    truth                                 `json:"private" jsonschema_description:"Whether it is reached by a secret address only"`
	Alarms     list[lead]                            `json:"alarms" jsonschema_description:"Alarms that calendar apps give, before the date"`
	Cancelled  choice[string, cancelledChoices]      `json:"cancelled" jsonschema_description:"How what is called off is shown: by its status, in its title, or both"`
	Windows    choice[string, windowsChoices]        `json:"windows" jsonschema_description:"How a date is shown of which only a window is known: its edges, its whole span, or none of it"`
	Busy       list[choice[event.Kind, kindChoices]] `json:"busy" jsonschema_description:"Kinds that take up time in the calendars of others, once their hour is known"`
	Keep       text                                  `json:"keep" jsonschema_description:"How long what was called off stays, as in 90d"`
	Past       text                                  `json:"past" jsonschema_description:"How long what has passed stays"`
	Ahead      text                                  `json:"ahead" jsonschema_description:"How far ahead the feed looks"`
	Refresh    duration                              `json:"refresh" jsonschema_description:"How often calendars should ask, as in 1h"`
	MaxEntries text                                  `json:"max_entries" jsonschema_description:"How many entries the feed has at most; 0 is no limit"`
	MaxBytes   text                                  `json:"max_bytes" jsonschema_description:"How large the feed is at most, in bytes; 0 is no limit"`
	Gzip       truth                                 `json:"gzip" jsonschema_description:"Whether it is compressed for those who ask for it"`
}

type followShape struct {
	Name      text                                      `json:"name" jsonschema:"required" jsonschema_description:"The key of the source that its events rest on, and what their ids begin with"`
	Title     text                                      `json:"title" jsonschema_description:"What people call it"`
	URL       text                                      `json:"url" jsonschema_description:"Where it is fetched"`
	URLFile   text                                      `json:"url_file" jsonschema_description:"A file that only you can read, with the address where it is fetched"`
	File      text                                      `json:"file" jsonschema_description:"A file that it stands in"`
	Page      text                                      `json:"page" jsonschema_description:"A page about it, for people"`
	Cron      text                                      `json:"cron" jsonschema_description:"When it is fetched, in five fields"`
	Timezone  text                                      `json:"timezone" jsonschema_description:"The IANA zone of dates in it that name none"`
	Kind      choice[event.Kind, kindChoices]           `json:"kind" jsonschema_description:"The kind of its events"`
	Topics    list[text]                                `json:"topics" jsonschema_description:"Topics of its events"`
	Certainty choice[event.Certainty, certaintyChoices] `json:"certainty" jsonschema_description:"How sure its events are, where it does not say so"`
	Trusted   truth                                     `json:"trusted" jsonschema_description:"Whether what it says of a date is taken as settled"`
	Local     truth                                     `json:"local" jsonschema_description:"Whether it may be fetched from a network of your own"`
}

type heartbeatShape struct {
	URL     text     `json:"url" jsonschema_description:"What is fetched"`
	URLFile text     `json:"url_file" jsonschema_description:"A file that only you can read, with what is fetched"`
	Every   duration `json:"every" jsonschema_description:"How often at most, as in 5m"`
	Local   truth    `json:"local" jsonschema_description:"Whether it may lie in a network of your own"`
}

type ownCalendarShape struct {
	BasedOn        text       `json:"based_on" jsonschema_description:"The calendar that it begins with; left out, Mondays to Fridays"`
	Closed         list[text] `json:"closed" jsonschema_description:"Days that are no business days: 2026-12-24, or 2026-12-24/2026-12-31"`
	Open           list[text] `json:"open" jsonschema_description:"Days that are business days although they would not be"`
	PublishedUntil text       `json:"published_until" jsonschema_description:"The last day for which its holidays are known"`
}

type calendarShape struct {
	Sources dict[sourceShape] `json:"sources" jsonschema_description:"Where dates come from, by a key of your own such as scmp-2025-10-26"`
	Events  list[eventShape]  `json:"events" jsonschema_description:"The dates to watch"`
}

type sourceShape struct {
	Title     text `json:"title" jsonschema_description:"Its headline"`
	Publisher text `json:"publisher" jsonschema_description:"Who published it"`
	URL       text `json:"url" jsonschema_description:"Where it can be read"`
	Published text `json:"published" jsonschema_description:"The day on which it was published, as in 2025-10-26: phrases are read against it"`
	Timezone  text `json:"timezone" jsonschema_description:"The IANA zone of that day"`
}

type eventShape struct {
	ID        text                                      `json:"id" jsonschema:"required" jsonschema_description:"A name that it keeps for ever, as in beijing-visit. Never a date: dates move"`
	Title     text                                      `json:"title" jsonschema:"required" jsonschema_description:"What people call it"`
	Kind      choice[event.Kind, kindChoices]           `json:"kind" jsonschema_description:"What sort of event it is; its reminders go by it"`
	When      whenShape                                 `json:"when" jsonschema_description:"What was said of its date: tbd, 2026-02-17, {between: [2026-01-01, 2026-02-16]}, {before: event:ID}, or a list of such statements, which hold together"`
	Zone      text                                      `json:"zone" jsonschema_description:"The IANA zone in which its days are counted, as in Asia/Shanghai"`
	Calendar  text                                      `json:"calendar" jsonschema_description:"The calendar by which its business days are counted"`
	Certainty choice[event.Certainty, certaintyChoices] `json:"certainty" jsonschema_description:"How sure it is that it takes place as stated"`
	Status    choice[event.Status, statusChoices]       `json:"status" jsonschema_description:"What became of it"`
	Reason    text                                      `json:"reason" jsonschema_description:"Why it changed, for those who are told"`
	If        ifShape                                   `json:"if" jsonschema_description:"What it depends on: in words, or an event and the status that decides it"`
	Place     text                                      `json:"place" jsonschema_description:"Where it takes place"`
	Parties   list[text]                                `json:"parties" jsonschema_description:"The countries and bodies that take part"`
	People    list[text]                                `json:"people" jsonschema_description:"The people who take part"`
	Topics    list[text]                                `json:"topics" jsonschema_description:"What it is about; routes and feeds go by it"`
	Note      text                                      `json:"note" jsonschema_description:"Anything else worth knowing"`
	Remind    list[lead]                                `json:"remind" jsonschema_description:"Its own reminders, as in [7d, 1d, 2h, 3bd]; [] for none"`
	Links     some[dict[some[text]]]                    `json:"links" jsonschema_description:"How it stands to other events, as in {follows: beijing-visit}"`
	Sources   list[citationOrKey]                       `json:"sources" jsonschema_description:"What it rests on: keys of sources, with quotes"`
}

type statementShape struct {
	On        text       `json:"on" jsonschema_description:"On that day, or some day of that month, season or year"`
	At        text       `json:"at" jsonschema_description:"At that instant, as in \"2025-11-10 00:01\""`
	From      text       `json:"from" jsonschema_description:"It lasts from this day; to or lasts says until when"`
	To        text       `json:"to" jsonschema_description:"The last day of what begins at from"`
	Lasts     text       `json:"lasts" jsonschema_description:"How long it lasts, as in 5 days"`
	Between   list[text] `json:"between" jsonschema_description:"One day between these two, both included"`
	By        text       `json:"by" jsonschema_description:"That day or earlier"`
	Before    text       `json:"before" jsonschema_description:"Earlier than that day, or before the other event starts: event:ID"`
	After     text       `json:"after" jsonschema_description:"Later than that day, or after the other event ends: event:ID"`
	NotBefore text       `json:"not_before" jsonschema_description:"That day or later"`
	During    text       `json:"during" jsonschema_description:"While the other event lasts: event:ID"`
	Within    text       `json:"within" jsonschema_description:"At most that far from another date, as in 2 weeks after event:ID"`
	EndsBy    text       `json:"ends_by" jsonschema_description:"It is over on that day at the latest"`
	OneOf     list[text] `json:"one_of" jsonschema_description:"On one of these days"`
	Phrase    text       `json:"phrase" jsonschema_description:"As the report said it, as in early next year; read against the day of its source"`
	EDTF      text       `json:"edtf" jsonschema_description:"A date in EDTF (ISO 8601-2)"`

	Recurs text       `json:"recurs" jsonschema_description:"How it comes again, as a rule of RFC 5545: FREQ=MONTHLY;BYDAY=1FR"`
	Except list[text] `json:"except" jsonschema_description:"Days on which the rule does not hold, as in [2026-03-06]"`
	Also   list[text] `json:"also" jsonschema_description:"Days on which it comes besides, as in [2026-03-11 08:30]"`

	Tense        choice[string, tenseChoices]              `json:"tense" jsonschema_description:"Whether a phrase speaks of what is to come or of what was"`
	South        truth                                     `json:"south" jsonschema_description:"Whether the seasons of a phrase are those of the southern half of the Earth"`
	Dateline     text                                      `json:"dateline" jsonschema_description:"The day against which a phrase is read, where it is not that of its source"`
	TZ           text                                      `json:"tz" jsonschema_description:"The IANA zone of the date"`
	Source       text                                      `json:"source" jsonschema_description:"The key of the source that says so"`
	Quote        text                                      `json:"quote" jsonschema_description:"Its exact words"`
	Priority     text                                      `json:"priority" jsonschema_description:"A whole number: of statements that exclude each other the lowest is set aside"`
	Certainty    choice[event.Certainty, certaintyChoices] `json:"certainty" jsonschema_description:"How sure this statement is"`
	ID           text                                      `json:"id" jsonschema_description:"A name for this statement"`
	SupersededBy text                                      `json:"superseded_by" jsonschema_description:"The statement that came in its place"`
	If           ifShape                                   `json:"if" jsonschema_description:"What this date depends on"`
	Calendar     text                                      `json:"calendar" jsonschema_description:"The calendar by which it counts business days"`
}

type conditionShape struct {
	Text  text                                `json:"text" jsonschema_description:"In words"`
	Event text                                `json:"event" jsonschema_description:"The id of the event that decides it"`
	Is    choice[event.Status, statusChoices] `json:"is" jsonschema_description:"The status that this event has to reach"`
}

type citationShape struct {
	Source   text       `json:"source" jsonschema_description:"The key of a source"`
	Quote    text       `json:"quote" jsonschema_description:"Its exact words"`
	Supports list[text] `json:"supports" jsonschema_description:"The fields of the event that it supports, as in [when, place]"`
	Seen     text       `json:"seen" jsonschema_description:"The day on which it was read, as in 2025-10-27"`
}

// shapes returns the shape of each map with the keys that the reader takes in it.
func shapes() map[string]struct {
	shape any
	keys  []string
} {
	type s = struct {
		shape any
		keys  []string
	}
	return map[string]s{
		"settingKeys": {settingsShape{}, settingKeys}, "slackKeys": {slackShape{}, slackKeys}, "remindKeys": {remindShape{}, remindKeys()},
		"windowKeys": {windowShape{}, windowKeys}, "recheckKeys": {recheckShape{}, recheckKeys}, "matchKeys": {matchShape{}, matchKeys},
		"withinKeys": {limitedShape{}, withinKeys}, "routeKeys": {routeShape{}, routeKeys}, "digestKeys": {digestShape{}, digestKeys},
		"quietKeys": {quietShape{}, quietKeys}, "feedKeys": {feedShape{}, feedKeys}, "followKeys": {followShape{}, followKeys},
		"editKeys": {editShape{}, editKeys}, "ownCalendarKeys": {ownCalendarShape{}, ownCalendarKeys}, "calendarKeys": {calendarShape{}, calendarKeys}, "sourceKeys": {sourceShape{}, sourceKeys},
		"heartbeatKeys": {heartbeatShape{}, heartbeatKeys},
		"eventKeys":     {eventShape{}, eventKeys}, "statementKeys": {statementShape{}, statementKeys},
		"conditionKeys": {conditionShape{}, conditionKeys}, "citationKeys": {citationShape{}, citationKeys},
	}
}

// The words that some keys take.
type (
	kindChoices      struct{}
	statusChoices    struct{}
	certaintyChoices struct{}
	noticeChoices    struct{}
	onUnknownChoices struct{}
	cancelledChoices struct{}
	tenseChoices     struct{}
	windowsChoices   struct{}
)

func (kindChoices) words() []string      { return wordsOf(event.Kinds()) }
func (statusChoices) words() []string    { return wordsOf(event.Statuses()) }
func (certaintyChoices) words() []string { return wordsOf(event.Certainties()) }
func (noticeChoices) words() []string    { return wordsOf(notice.Kinds()) }
func (onUnknownChoices) words() []string { return wordsOf([]OnUnknown{Hold, Resend, Drop}) }
func (cancelledChoices) words() []string { return []string{"status", "title", "both"} }
func (windowsChoices) words() []string   { return []string{"edges", "span", "none"} }
func (tenseChoices) words() []string     { return []string{"future", "past"} }

func wordsOf[W ~string](list []W) (out []string) {
	for _, w := range list {
		out = append(out, string(w))
	}
	return out
}

// types returns a schema of some types; nothing behind a key is always taken.
func types(names ...string) *jsonschema.Schema {
	return &jsonschema.Schema{Extras: map[string]any{"type": append(names, "null")}}
}

type (
	text                                               struct{}
	truth                                              struct{}
	lead                                               struct{}
	duration                                           struct{}
	choice[W ~string, C interface{ words() []string }] struct{}
	list[T any]                                        struct{}
	dict[T any]                                        struct{}
	some[T any]                                        struct{} // one, or a list of them
	whenShape                                          struct{}
	ifShape                                            struct{}
	citationOrKey                                      struct{}
)

func (text) JSONSchema() *jsonschema.Schema  { return types("string", "number", "boolean") }
func (truth) JSONSchema() *jsonschema.Schema { return types("boolean") }
func (lead) JSONSchema() *jsonschema.Schema {
	s := types("string")
	s.Pattern, s.Examples = `^[0-9]+(m|h|d|w|mo|bd)$`, []any{"7d", "2h", "15m", "2w", "1mo", "3bd"}
	return s
}

func (duration) JSONSchema() *jsonschema.Schema {
	s := types("string")
	s.Pattern, s.Examples = `^[0-9]+[smhdw]$`, []any{"30s", "2m", "24h", "7d"}
	return s
}

func (choice[W, C]) JSONSchema() *jsonschema.Schema {
	var c C
	var all []any
	also := ""
	for _, w := range c.words() {
		all = append(all, w)
		if strings.Contains(w, " ") {
			also += "|" + strings.ReplaceAll(w, " ", "[_-]")
		}
	}
	words := &jsonschema.Schema{Enum: all}
	if also == "" {
		return words
	}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{words, {Type: "string", Pattern: "^(" + also[1:] + ")$"}}}
}

func (list[T]) JSONSchema() *jsonschema.Schema {
	s := types("array")
	s.Items = schemaOf[T]()
	return s
}

func (dict[T]) JSONSchema() *jsonschema.Schema {
	s := types("object")
	s.AdditionalProperties = schemaOf[T]()
	s.Extras["patternProperties"] = map[string]any{"^x-": true}
	return s
}

func (some[T]) JSONSchema() *jsonschema.Schema {
	var l list[T]
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{schemaOf[T](), l.JSONSchema()}}
}

func (whenShape) JSONSchema() *jsonschema.Schema {
	one := []*jsonschema.Schema{schemaOf[statementShape](), text{}.JSONSchema()}
	all := types("array")
	all.Items = &jsonschema.Schema{AnyOf: one}
	return &jsonschema.Schema{AnyOf: append(slices.Clone(one), all)}
}

func (ifShape) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{schemaOf[conditionShape](), text{}.JSONSchema()}}
}

func (citationOrKey) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{schemaOf[citationShape](), text{}.JSONSchema()}}
}

// JSONSchemaExtend adds the kinds.
func (remindShape) JSONSchemaExtend(s *jsonschema.Schema) {
	for _, k := range event.Kinds() {
		ladder := list[lead]{}.JSONSchema()
		ladder.Description = "Of events of the kind " + string(k)
		s.Properties.Set(string(k), ladder)
	}
}

// schemaOf returns the schema of T: a reference where it is a shape.
func schemaOf[T any]() *jsonschema.Schema {
	var v T
	if s, ok := any(v).(interface{ JSONSchema() *jsonschema.Schema }); ok {
		return s.JSONSchema()
	}
	return &jsonschema.Schema{Ref: "#/$defs/" + nameOf(reflect.TypeFor[T]())}
}

// nameOf returns the name of a shape in the schema.
func nameOf(t reflect.Type) string { return strings.TrimSuffix(t.Name(), "Shape") }

// schema returns the JSON Schema, draft-07, of a file of that shape.
func schema(t *testing.T, root any, title string) []byte {
	t.Helper()
	r := jsonschema.Reflector{RequiredFromJSONSchemaTags: true, Anonymous: true, DoNotReference: true, Namer: nameOf}
	definitions := map[string]any{}
	for _, s := range shapes() {
		if reflect.TypeOf(s.shape) != reflect.TypeOf(root) {
			definitions[nameOf(reflect.TypeOf(s.shape))] = draft07(t, r.Reflect(s.shape))
		}
	}
	doc := draft07(t, r.Reflect(root))
	doc["$schema"] = "http://json-schema.org/draft-07/schema#"
	doc["title"], doc["definitions"] = title, reachable(doc, definitions)
	b, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(bytes.ReplaceAll(b, []byte("#/$defs/"), []byte("#/definitions/")), '\n')
}

// draft07 returns a schema as draft-07 has it: every map takes the keys that are the user's
// own and may be empty, and what stands beside a reference is not lost.
func draft07(t *testing.T, s *jsonschema.Schema) map[string]any {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	delete(doc, "$schema")
	return reworked(doc).(map[string]any)
}

func reworked(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = reworked(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = reworked(v[k])
		}
		if v["type"] == "object" {
			v["type"] = []any{"object", "null"}
			v["patternProperties"] = map[string]any{"^x-": true}
		}
		if ref, ok := v["$ref"]; ok && len(v) > 1 {
			delete(v, "$ref")
			v["allOf"] = []any{map[string]any{"$ref": ref}}
		}
	}
	return v
}

// reachable returns the definitions that doc leads to.
func reachable(doc any, all map[string]any) map[string]any {
	out := map[string]any{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			for _, one := range v {
				walk(one)
			}
			ref, _ := v["$ref"].(string)
			name := strings.TrimPrefix(ref, "#/$defs/")
			if d, ok := all[name]; ok && out[name] == nil {
				out[name] = d
				walk(d)
			}
		}
	}
	walk(doc)
	return out
}

func TestTheSchemaIsWhatItsShapesMake(t *testing.T) {
	for name, want := range map[string][]byte{
		"attache.schema.json": schema(t, settingsShape{}, "How attache runs"),
		"events.schema.json":  schema(t, calendarShape{}, "Events of attache, and their sources"),
	} {
		path := filepath.Join("..", "..", "config", name)
		if *update {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("config/%s is not what the shapes in this file make: go test ./internal/config -run Schema -update", name)
		}
	}
}

func TestTheSchemaHasTheKeysThatTheReaderTakes(t *testing.T) {
	r := jsonschema.Reflector{RequiredFromJSONSchemaTags: true, Anonymous: true, DoNotReference: true}
	for name, s := range shapes() {
		shape := reflect.TypeOf(s.shape).Name()
		var has []string
		for p := r.Reflect(s.shape).Properties.Oldest(); p != nil; p = p.Next() {
			has = append(has, p.Key)
			if p.Value.Description == "" {
				t.Errorf("%s: the key %s has no description: it is what editors show", shape, p.Key)
			}
		}
		for _, k := range s.keys {
			if !slices.Contains(has, k) {
				t.Errorf("the reader takes the key %q (%s) and the schema has none: add it to %s in schema_test.go with a description, then go test ./internal/config -run Schema -update", k, name, shape)
			}
		}
		for _, k := range has {
			if !slices.Contains(s.keys, k) {
				t.Errorf("the schema has the key %q in %s and the reader does not take it (%s): take it out of schema_test.go", k, shape, name)
			}
		}
	}
}

// TestTheSchemaKnowsEveryMap looks at the source: whoever reads a new map gives it a shape.
func TestTheSchemaKnowsEveryMap(t *testing.T) {
	known := shapes()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 3 {
				return true
			}
			if f, ok := call.Fun.(*ast.SelectorExpr); !ok || f.Sel.Name != "mapping" {
				return true
			}
			keys := call.Args[1]
			if c, ok := keys.(*ast.CallExpr); ok {
				keys = c.Fun
			}
			id, ok := keys.(*ast.Ident)
			if !ok || known[id.Name].shape == nil {
				t.Errorf("%s reads a map whose keys the schema does not know: name the list of its keys, and add it to shapes in schema_test.go", name)
			}
			return true
		})
	}
}

// TestTheSchemaOffersTheWordsOfTheVocabularies keeps the enumerations alive.
func TestTheSchemaOffersTheWordsOfTheVocabularies(t *testing.T) {
	b := schema(t, settingsShape{}, "")
	var all []string
	for _, list := range [][]string{kindChoices{}.words(), statusChoices{}.words(), certaintyChoices{}.words(), noticeChoices{}.words()} {
		all = append(all, list...)
	}
	sort.Strings(all)
	for _, w := range all {
		if !bytes.Contains(b, []byte(`"`+w+`"`)) {
			t.Errorf("it does not offer %q", w)
		}
	}
}
