package web

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/feed"
)

// Which addresses read a parameter.
const (
	pagesRead = 1 << iota
	apiReads
	choiceReads // /feed.ics
	feedReads   // /feeds/all.ics
	allRead     = pagesRead | apiReads | choiceReads | feedReads
	filtersRead = pagesRead | apiReads | choiceReads
)

// answersFor returns the addresses by what they read.
var answersFor = map[int][]string{
	pagesRead: {"/", "/changes", "/changes.atom", "/events/us-tariffs-100", "/subscribe"}, apiReads: {"/api/v1/events", "/api/v1/changes", "/api/v1/events/us-tariffs-100"},
	choiceReads: {"/feed.ics"}, feedReads: {"/feeds/all.ics"},
}

func TestQuery_Refused(t *testing.T) {
	h := handler(sample(t), october)
	for _, tt := range []struct {
		query string
		by    int
		want  string
	}{
		{"kind=zzz", filtersRead, "kind has to be deadline, meeting, summit, visit, talks, measure, announcement, holiday or other."},
		{"kind=visit,zzz", filtersRead, "kind has to be deadline,"},
		{"kind=visit&kind=zzz", filtersRead, "kind has to be deadline,"},
		{"kind=%00", filtersRead, "kind has to be deadline,"},
		{"certainty=sure", filtersRead, "certainty has to be confirmed, unscheduled, likely, planned, possible or rumoured."},
		{"status=gone", filtersRead, "status has to be open, held, met, in force, deferred, averted, cancelled, lapsed, superseded or withdrawn."},
		{"from=yesterday", filtersRead, "from has to be a day of the years 1000 to 9999, written as 2026-02-16."},
		{"to=2025-02-30", filtersRead, "to has to be a day of the years 1000 to 9999, written as 2026-02-16."},
		{"from=10000-01-01", filtersRead, "from has to be a day of the years"},
		{"from=2025-11-02&to=2025-11-01", filtersRead, "from comes after to: write the earlier day as from."},
		{"from=2025-11-01&from=2025-11-02", filtersRead, "from takes one value."},
		{"topic=%ff", filtersRead, "topic is not written in UTF-8."},
		{"q=a&q=b", filtersRead, "q takes one value."},
		{"q=%ff", filtersRead, "q is not written in UTF-8."},
		{"q=" + strings.Repeat("x", 101), filtersRead, "q is too long: it takes 100 characters."},
		{strings.Repeat("topic=x&", 101), filtersRead, "topic takes at most 100 values."},
		{"kind=zzz&from=x", filtersRead, "kind has to be deadline, meeting, summit, visit, talks, measure, announcement, holiday or other. from has to be a day of the years 1000 to 9999, written as 2026-02-16."},
		{"at=garbage", allRead, "at has to be a day or an instant of the years 1000 to 9999, written as 2026-02-16 or 2026-02-16T14:00:00Z."},
		{"at=2099", allRead, "at has to be a day or an instant of the years"},
		{"at=0999-12-31T00:00:00Z", allRead, "at has to be a day or an instant of the years"},
		{"at=0000-00-00", allRead, "at has to be a day or an instant of the years"},
		{"at=2025-10-26&at=2025-10-27", allRead, "at takes one value."},
		{"topic=%zz", allRead, "What stands behind the ? can't be read: write & between parameters, %25 for a percent sign and %3B for a semicolon."},
		{"topic=tariffs;kind=visit", allRead, "What stands behind the ? can't be read:"},
		{"tz=Mars/Olympus", pagesRead | apiReads, "tz has to be a time zone, written as Europe/Brussels, UTC or +05:30."},
		{"tz=Local", pagesRead | apiReads, "tz has to be a time zone,"},
		{"tz=%00", pagesRead | apiReads, "tz has to be a time zone,"},
		{"offset=-3", pagesRead, "offset has to be a whole number from 0."},
		{"offset=999999999999999999999", pagesRead, "offset has to be a whole number from 0."},
		{"view=wall", pagesRead, "view has to be agenda, month, week, timeline or print."},
		{"view=timeline&scale=decade", pagesRead, "scale has to be quarter, week, month or year."},
		{"group=place", pagesRead, "group has to be topic, party or kind."},
		{"on=0999-12-31", pagesRead, "on has to be a day of the years 1000 to 9999, written as 2026-02-16."},
		{"list=nothing", pagesRead, "list has to be dated, awaiting, undated or past."},
		{"before=x", pagesRead | apiReads, "before has to be a whole number from 1."},
		{"limit=0", apiReads, "limit has to be a whole number from 1."},
		{"offset=-1", apiReads, "offset has to be a whole number from 0."},
		{"windows=all", choiceReads | feedReads, "windows has to be edges, span or none."},
		{"windows=span,none", choiceReads | feedReads, "windows takes one value."},
		{"cancelled=never", choiceReads | feedReads, "cancelled has to be status, title or both."},
		{"alarms=soon", choiceReads | feedReads, "alarms are written as 1d, 2w, 3h or 15m, and there are 5 at most."},
		{"alarms=1d,2d,3d,4d,5d,6d", choiceReads | feedReads, "alarms are written as"},
	} {
		for by, paths := range answersFor {
			for _, path := range paths {
				w := ask(h, "GET", path+"?"+tt.query)
				if by&tt.by == 0 {
					if w.Code != http.StatusOK && by&(choiceReads|feedReads) != 0 {
						t.Errorf("%s?%s: a feed is refused for what is no parameter of feeds: %d", path, tt.query, w.Code)
					}
					continue
				}
				said := html.UnescapeString(w.Body.String())
				if isOpen(path) {
					var p problemView
					if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != w.Code || w.Header().Get("Content-Type") != "application/problem+json" {
						t.Errorf("%s?%s: no problem document: %s", path, tt.query, w.Body)
					}
					said = p.Detail
				}
				if w.Code != http.StatusBadRequest || !strings.Contains(said, tt.want) {
					t.Errorf("%s?%.100s: %d %s\nwant %s", path, tt.query, w.Code, said, tt.want)
				}
				if strings.Contains(said, "left out") || strings.Contains(said, "ignored") {
					t.Errorf("%s?%.100s: it is refused, and says that it is not: %s", path, tt.query, said)
				}
			}
		}
	}
}

func TestQuery_Taken(t *testing.T) {
	f := sample(t)
	f.list[0].Event.Parties = []string{"US", "Türkiye"}
	f.asked = new([]calendar.FeedQuery)
	h := handler(f, october)
	for _, tt := range []struct {
		query string
		want  string // what is asked for, in one form
	}{
		{"kind=Visit", "kind=visit"},
		{"kind=&kind=visit&kind=,", "kind=visit"},
		{"kind=visit,deadline&kind=visit", "kind=deadline&kind=visit"},
		{"status=in-force", "status=in+force"},
		{"status=IN_FORCE", "status=in+force"},
		{"party=us", "party=US"},
		{"party=turkiye,%20us", "party=T%C3%BCrkiye&party=US"},
		{"party=T%C3%9CRK%C4%B0YE", "party=T%C3%BCrkiye"},
		{"topic=TARIFFS", "topic=tariffs"},
		{"topic=nothing", "none="},
		{"topic=nothing&topic=tariffs", "topic=tariffs"},
		{"q=%20%20", ""},
		{"q=turkiye", "q=turkiye"},
		{"from=&to=&at=&topic=&q=&event=&windows=&alarms=", ""},
		{"from=2025-11-01&from=2025-11-01", "from=2025-11-01"},
		{"from=1900-01-01&to=2199-12-31", "from=1900-01-01&to=2199-12-31"},
		{"q=" + strings.Repeat("中", 100), "q=" + url.QueryEscape(strings.Repeat("中", 100))},
		{"windows=SPAN&cancelled=title&alarms=1d,1d,2h", "alarms=1d%2C2h&cancelled=title&windows=span"},
		{"utm_source=%20&fbclid=1", ""},
	} {
		*f.asked = nil
		if w := ask(h, "GET", "/feed.ics?"+tt.query); w.Code != http.StatusOK || len(*f.asked) != 1 || (*f.asked)[0].Key != tt.want {
			t.Errorf("%.100s: %d, asks for %+v, want %q", tt.query, w.Code, *f.asked, tt.want)
		}
		for _, path := range []string{"/", "/changes", "/api/v1/events"} {
			if w := ask(h, "GET", path+"?"+tt.query); w.Code != http.StatusOK {
				t.Errorf("%s?%.100s: %d", path, tt.query, w.Code)
			}
		}
	}
}

func TestQuery_AnyCase(t *testing.T) {
	f := sample(t)
	f.list[0].Event.Parties, f.list[0].Event.Topics = []string{"Türkiye"}, []string{"Zölle"}
	h := handler(f, october)
	for query, want := range map[string]int{"party=turkiye": 1, "party=TÜRKİYE": 1, "topic=zolle": 1, "q=turkiye": 1, "q=ZÖLLE": 1, "party=turk": 0, "kind=Deadline&party=Turkiye": 1, "kind=holiday": 0} {
		var got eventsView
		w := ask(h, "GET", "/api/v1/events?"+(&url.URL{RawQuery: query}).Query().Encode())
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Total != want {
			t.Errorf("%s: %d events, want %d", query, got.Total, want)
		}
	}
}

func TestAPI_OffsetBeyondAll(t *testing.T) {
	h := handler(sample(t), october)
	for _, query := range []string{"offset=9223372036854775807", "offset=9223372036854775807&limit=1000", "offset=1000&limit=9223372036854775807"} {
		var got eventsView
		w := ask(h, "GET", "/api/v1/events?"+query)
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK || len(got.Events) != 0 || got.Next != nil {
			t.Errorf("%s: %d %s", query, w.Code, w.Body)
		}
	}
}

func TestFeed_AsOfADayAndShown(t *testing.T) {
	f := sample(t)
	f.asked = new([]calendar.FeedQuery)
	h := handler(f, october)
	for query, want := range map[string][]calendar.FeedQuery{
		"":                            nil,
		"x=y":                         nil,
		"at=":                         nil,
		"windows=":                    nil,
		"at=2025-10-26":               {{Feed: "all", Key: "feed all?"}},
		"at=2025-10-26&windows=span":  {{Feed: "all", Key: "feed all?windows=span", Options: optionsOf(t, "windows=span")}},
		"cancelled=title&kind=zzz":    {{Feed: "all", Key: "feed all?cancelled=title", Options: optionsOf(t, "cancelled=title")}},
		"at=9999-12-31T23:59:59Z":     {{Feed: "all", Key: "feed all?"}},
		"at=2025-10-26T00:00:00%2B02": nil,
	} {
		*f.asked = nil
		w := ask(h, "GET", "/feeds/all.ics?"+query)
		if status := w.Code; !reflect.DeepEqual(*f.asked, want) || status != http.StatusOK && query != "at=2025-10-26T00:00:00%2B02" {
			t.Errorf("%s: %d, asks for %+v, want %+v", query, status, *f.asked, want)
		}
	}
	if w := ask(h, "GET", "/feeds/all.ics?at=1999-01-01"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("a store that can't be read: %d", w.Code)
	}
}

// optionsOf returns how a query wants events shown.
func optionsOf(t *testing.T, raw string) feed.Options {
	t.Helper()
	var f calendar.FeedQuery
	readOptions(&f, readQuery(raw), url.Values{})
	return f.Options
}

func TestFilter_Period(t *testing.T) {
	q := readQuery("from=2025-11-01&to=2025-11-01&kind=talks,%20Meeting")
	f := readFilter(q, facets{})
	day := civil.Date{Year: 2025, Month: 11, Day: 1}
	if q.err() != nil || f.From != day || f.To != day || !reflect.DeepEqual(f.Kinds, []event.Kind{event.Meeting, event.Talks}) {
		t.Errorf("%+v, %v", f, q.err())
	}
	if want := "kind meeting or talks, from 1 Nov 2025, to 1 Nov 2025"; f.words != want {
		t.Errorf("it is called %q, want %q", f.words, want)
	}
}
