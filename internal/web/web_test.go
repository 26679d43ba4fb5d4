package web

import (
	"errors"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/when"
)

var update = flag.Bool("update", false, "write the golden files anew")

// fake is a calendar in memory.
type fake struct {
	list      []agenda.Entry
	sources   map[string]event.Source
	history   map[string][]event.Revision
	err       error // of Revisions
	feeds     map[string]calendar.Published
	names     []calendar.Feed
	notices   map[string][]calendar.EventNotice
	changed   []change.View // the newest first
	ready     Readiness
	status    Status
	unsettled map[string][]calendar.Unsettled
	zone      *time.Location
	asked     *[]calendar.FeedQuery // takes what feeds are asked for; nil takes none
}

func (f *fake) Entries() (out []*agenda.Entry) {
	for i := range f.list {
		out = append(out, &f.list[i])
	}
	return out
}

func (f *fake) Sources() map[string]event.Source              { return f.sources }
func (f *fake) Revisions(id string) ([]event.Revision, error) { return f.history[id], f.err }
func (f *fake) Feed(name string) (calendar.Published, bool)   { b, ok := f.feeds[name]; return b, ok }
func (f *fake) Feeds() []calendar.Feed                        { return f.names }
func (f *fake) Notices(id string) []calendar.EventNotice      { return f.notices[id] }
func (f *fake) Whole() bool                                   { return true }
func (f *fake) Version() any                                  { return f }
func (f *fake) Since() time.Time                              { return entered }
func (f *fake) Look(e agenda.Entry, _ time.Time) agenda.Entry { return e }
func (f *fake) UnsettledOf(id string) ([]calendar.Unsettled, error) {
	return f.unsettled[id], nil
}
func (f *fake) Domain() string       { return "attache.invalid" }
func (f *fake) Zone() *time.Location { return f.zone }

// As returns the calendar without what was entered after at.
func (f *fake) As(at time.Time) (Calendar, error) {
	if at.Year() == 1999 {
		return nil, errors.New("revision 3 is damaged")
	}
	past := *f
	past.list = slices.DeleteFunc(slices.Clone(f.list), func(e agenda.Entry) bool { return e.Created.After(at) && e.Created.After(entered) })
	return &past, nil
}

func (f *fake) Query(q calendar.FeedQuery) (calendar.Published, bool) {
	if f.asked != nil {
		*f.asked = append(*f.asked, q)
	}
	return f.feeds["all"], f.feeds["all"].ETag != ""
}

// Changes returns those of the event or all, the newest first.
func (f *fake) Changes(keep agenda.Filter, r change.Range) ([]change.View, error) {
	start := r.Before
	if start == 0 && len(f.changed) > 0 {
		start = f.changed[0].Seq + 1
	}
	var out []change.View
	for _, v := range f.changed {
		i := slices.IndexFunc(f.list, func(e agenda.Entry) bool { return e.ID == v.Event })
		if i >= 0 && !keep.Match(&f.list[i]) {
			continue
		}
		if !r.From.IsZero() && v.At.Before(r.From) || !r.To.IsZero() && !v.At.Before(r.To) {
			continue
		}
		looked := r.Look == 0 || v.Seq+uint64(r.Look) >= start
		if looked && (r.Event == "" || v.Event == r.Event) && v.Seq < start && (r.Limit == 0 || len(out) < r.Limit) {
			out = append(out, v)
		}
	}
	return out, f.err
}

var (
	october  = time.Date(2025, 10, 26, 18, 0, 0, 0, time.UTC)
	november = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	entered  = time.Date(2025, 10, 26, 16, 0, 0, 0, time.UTC)
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := civil.Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func expr(t testing.TB, form when.Form, a string, b ...string) when.Expr {
	t.Helper()
	period := func(s string) civil.Period {
		p, err := civil.ParsePeriod(s)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	e := when.Expr{Form: form, A: when.Point{Period: period(a)}}
	if len(b) > 0 {
		e.B.Period = period(b[0])
	}
	if err := e.Check(); err != nil {
		t.Fatal(err)
	}
	return e
}

// said makes a statement from the one source of the sample.
func said(e when.Expr, quote string, line int) []event.Statement {
	return []event.Statement{{Expr: e, Source: "report", Quote: quote, Line: line}}
}

// sample is a calendar with one event of each sort that looks different.
func sample(t testing.TB) *fake {
	t.Helper()
	f := &fake{
		sources: map[string]event.Source{"report": {
			Key: "report", Title: "US–China talks in Kuala Lumpur: 'very substantial framework'",
			Published: civil.Date{Year: 2025, Month: 10, Day: 26},
		}},
		history: map[string][]event.Revision{}, notices: map[string][]calendar.EventNotice{}, feeds: map[string]calendar.Published{},
		names: []calendar.Feed{{Name: "all", Title: "Diplomatic calendar"}, {Name: "trade", Title: "US–China trade"}},
		ready: Readiness{Ready: true, Checks: []Check{{"store", true, "1 file"}}, ReloadedAt: entered},
		zone:  zone(t, "America/New_York"),
	}
	for _, e := range sampleEvents(t) {
		f.add(e)
	}
	f.solve()
	f.status = Status{
		Version: "test", Started: entered, Events: len(f.list),
		Feeds:    []FeedStatus{{Name: "all", Title: "Diplomatic calendar", Entries: 6, Undated: 1, Octets: 12345, Modified: entered}, {Name: "desk", Private: true, Octets: 300}},
		Outbox:   []StateCount{{"pending", 3}, {"sent", 1}},
		Channels: []ChannelStatus{{"#trade-desk", "blocked", "the app is not in the channel", 2, 1, "not_in_channel", entered}},
		Invalid:  []Invalid{{"beijing-visit", "these cannot all hold: beijing-visit#1, beijing-visit#2"}},
	}
	f.notices["us-tariffs-100"] = []calendar.EventNotice{
		{At: entered, Kind: notice.Reminder, Lead: "7d", Channel: "#trade-desk", State: "sent"},
		{At: time.Date(2025, 10, 31, 13, 0, 0, 0, time.UTC), Kind: notice.Reminder, Lead: "1d", Channel: "#trade-desk", State: "pending"},
	}
	f.feeds["all"] = calendar.Published{
		Plain: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), Gzip: []byte("gzip of it"),
		ETag: `"plain"`, GzipETag: `"gzip"`, Modified: entered,
	}
	return f
}

// solve works out what follows from all events together.
func (f *fake) solve() {
	var in []agenda.Input
	for _, e := range f.list {
		in = append(in, agenda.Input{Revision: f.history[e.ID][len(f.history[e.ID])-1], UID: e.UID, Created: e.Created})
	}
	f.list = agenda.Solve(in)
}

// add puts the last of the given states of an event into the calendar, the
// others into its history, an hour apart.
func (f *fake) add(states ...event.Event) {
	r := event.First(states[0], event.Author{Via: "file", Name: states[0].Origin.String()}, entered)
	list := []event.Revision{r}
	for i, e := range states[1:] {
		if next, ok := r.Next(e, event.Author{Via: "cli", Name: "editor"}, entered.Add(time.Duration(i+1)*time.Hour)); ok {
			list, r = append(list, next), next
		}
	}
	id := r.Event.ID
	f.changed = slices.DeleteFunc(f.changed, func(v change.View) bool { return v.Event == id })
	for i, r := range list {
		is := change.State{Event: r.Event, Window: agenda.Compute(r, "", r.At).Window}
		v := change.View{
			Seq: uint64(len(f.changed) + 1), At: r.At, Event: id, Title: r.Event.Title, Revision: r.Number,
			By: r.Author.Name, Via: r.Author.Via, Reason: r.Reason, Fields: append([]string{}, r.Changed...), Follows: []change.Followed{}, Changes: change.New(is),
		}
		if i > 0 {
			was := change.State{Event: list[i-1].Event, Window: agenda.Compute(list[i-1], "", r.At).Window}
			v.Changes = change.Between(was, is)
			v.Follows = []change.Followed{{Event: "beijing-visit", Title: "Trump travels to Beijing", Was: "on or after 2 Nov 2025", Now: "on or after 9 Nov 2025"}}
		}
		f.changed = append([]change.View{v}, f.changed...)
	}
	f.history[id] = list
	f.list = append(f.list, agenda.Compute(r, id+"@attache.invalid", entered))
}

func sampleEvents(t testing.TB) []event.Event {
	at := func(line int) event.Position { return event.Position{File: "events/us-china.yaml", Line: line} }
	return []event.Event{{
		ID: "us-tariffs-100", Title: "US tariffs of 100% on Chinese goods", Kind: event.Deadline,
		When: said(expr(t, when.On, "2025-11-01"), "the sweeping tariffs President Trump has threatened to implement on 1 November", 12),
		Zone: "America/New_York", Certainty: event.Possible, Status: event.Open, Topics: []string{"tariffs", "rare-earths"},
		If:      &event.Condition{Text: "Beijing moves forward with restrictions on rare earth exports", Event: "rare-earth-controls", Is: event.InForce},
		Parties: []string{"US", "China"}, People: []string{"Donald Trump"}, Origin: at(10),
	}, {
		ID: "rare-earth-controls", Title: "China’s export controls on rare earths", Kind: event.Measure,
		When: []event.Statement{{Expr: when.Expr{Form: when.TBD}, Line: 22}}, Zone: "Asia/Shanghai", Certainty: event.Possible, Status: event.Open,
		Note: "A deferral is anticipated, not agreed.", Topics: []string{"rare-earths"}, Origin: at(20),
		Sources: []event.Citation{{Source: "report", Quote: "some kind of a deferral on the rare earth export controls", Supports: []string{"note"}}},
	}, {
		ID: "asia-tour", Title: "President Trump’s Asia tour", Kind: event.Visit,
		When: said(expr(t, when.From, "2025-10-26", "2025-10-30"), "the first stop of a five-day Asia tour", 31),
		Zone: "Asia/Kuala_Lumpur", Certainty: event.Confirmed, Status: event.Open, Place: "Asia", Origin: at(30),
	}, {
		ID: "trump-xi-meeting", Title: "Trump and Xi meet in South Korea", Kind: event.Meeting,
		When: said(expr(t, when.On, "2025-10-30"), "a face-to-face meeting with Xi in South Korea on Thursday", 41),
		Zone: "Asia/Seoul", Certainty: event.Likely, Status: event.Open, Place: "South Korea", Origin: at(40),
		Links: []event.Link{{Rel: event.PartOf, To: "asia-tour"}},
	}, {
		ID: "kl-framework", Title: "“Very substantial framework” announced", Kind: event.Announcement,
		When: said(expr(t, when.On, "2025-10-26"), "", 51), Zone: "Asia/Kuala_Lumpur", Certainty: event.Confirmed, Status: event.Held, Origin: at(50),
	}, {
		ID: "beijing-visit", Title: "Trump travels to Beijing", Kind: event.Visit,
		When: said(expr(t, when.Between, "2026-01-01", "2026-02-16"), "Trump may also travel to Beijing early next year", 61),
		Zone: "Asia/Shanghai", Certainty: event.Possible, Status: event.Open, Place: "Beijing", Origin: at(60),
	}, {
		ID: "xi-g20-visit", Title: "Xi visits the United States for the G20 summit", Kind: event.Visit,
		When: said(expr(t, when.On, "2026-23"), "the G20 summit next autumn", 71), Zone: "America/New_York", Certainty: event.Possible, Status: event.Open, Origin: at(70),
	}}
}

// handler returns the site of c at now.
func handler(c Calendar, now time.Time) http.Handler {
	f, ok := c.(*fake)
	if !ok {
		f = new(fake)
	}
	return New(Config{
		Calendar: shows(c), Now: func() time.Time { return now },
		Readiness: func() Readiness { return f.ready }, Status: func() Status { return f.status },
		PublicURL: func() string { return "https://dates.example.org" },
	})
}

// ask sends a request; headers come as name and value in turn.
func ask(h http.Handler, method, target string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// golden compares got with the file of that name, but for the hashes of files.
func golden(t *testing.T, name, got string) {
	t.Helper()
	for path, a := range assets() {
		got = strings.ReplaceAll(got, path+"?"+a.version, path+"?HASH")
	}
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update and read the difference\n%s", file, firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "got:  " + g[i] + "\nwant: " + w[i]
		}
	}
	return "one is longer than the other"
}

// shows has requests shown c.
func shows(c Calendar) func(calendar.Sight) (Calendar, error) {
	return func(calendar.Sight) (Calendar, error) { return c, nil }
}
