package control

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
)

// fake is a daemon that knows one event.
type fake struct{ reload error }

func (fake) Health() Health { return Health{Ready: true, Events: 1, Version: "test"} }

func (fake) Views(q Query) []agenda.View {
	now := q.Now
	return []agenda.View{{ID: "visit", Phase: now.UTC().Format(time.RFC3339)}}
}

func (fake) Why(id string) (agenda.WhyView, bool) {
	return agenda.WhyView{ID: id}, id == "visit"
}

func (fake) Changes(f agenda.Filter, r change.Range) ([]change.View, error) {
	if r.Limit > 1 {
		return nil, errors.New("the store cannot be read")
	}
	return []change.View{{Event: r.Event, Title: f.Topics[0], At: r.From}}, nil
}

func (f fake) Reload(context.Context) error { return f.reload }

func (f fake) Backup(context.Context) (Copy, error) {
	return Copy{io.NopCloser(strings.NewReader("the database")), 12, "sum"}, f.reload
}

func (f fake) Compact(context.Context) (Sizes, error) { return Sizes{2, 1}, f.reload }

func (fake) Feeds() []FeedView { return []FeedView{{Name: "desk", Private: true}} }

func (fake) Calendar(x Export) ([]byte, bool) {
	return []byte(x.ID + " " + x.Now.UTC().Format(time.RFC3339) + " " + x.Filter.Topics[0]), x.Feed == ""
}

func (f fake) NewAddress(feed, note string) (NewAddress, error) {
	return NewAddress{TokenView{ID: "a1", Feed: feed, Note: note}, "https://attache.example/f/a1.secret/desk.ics"}, f.reload
}

func (f fake) RevokeAddress(id string) (TokenView, error) { return TokenView{ID: id}, f.reload }

func (fake) Notices(q NoticeQuery) ([]NoticeView, error) {
	return []NoticeView{{Key: "k1", Event: q.Event, State: q.States[0]}}, nil
}

func (f fake) RetryNotice(key string) (NoticeView, error) {
	return NoticeView{Key: key, State: "planned"}, f.reload
}

func (f fake) DropNotice(key string) (NoticeView, error) {
	return NoticeView{Key: key, State: "dead"}, f.reload
}

func (f fake) Render(x Rendering) ([]byte, error) {
	return []byte(x.ID + x.Notice + x.Channel + x.Now.UTC().Format(time.RFC3339)), f.reload
}

// serve lets d answer at a socket of the test, and returns a client of it.
func serve(t *testing.T, d Daemon) *Client {
	t.Helper()
	path := Path(t.TempDir())
	l, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: Handler(d)}
	go func() { _ = s.Serve(l) }() // ends with Close
	t.Cleanup(func() { _ = s.Close() })
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o660 {
		t.Errorf("the mode of the socket: %v, %v", info.Mode(), err)
	}
	return NewClient(path)
}

func TestTheCommandLineAsksTheDaemon(t *testing.T) {
	c, ctx := serve(t, fake{}), context.Background()
	if h, err := c.Health(ctx); err != nil || !h.Ready || h.Events != 1 {
		t.Errorf("health: %+v, %v", h, err)
	}
	now := time.Date(2026, 2, 16, 8, 0, 0, 0, time.FixedZone("", 8*60*60))
	if v, err := c.Views(ctx, Query{Now: now}); err != nil || len(v) != 1 || v[0].Phase != "2026-02-16T00:00:00Z" {
		t.Errorf("views: %+v, %v", v, err)
	}
	if v, err := c.Why(ctx, "visit"); err != nil || v.ID != "visit" {
		t.Errorf("why: %+v, %v", v, err)
	}
	if _, err := c.Why(ctx, "../health"); !errors.Is(err, ErrNoEvent) {
		t.Errorf("why of an event that is not there: %v", err)
	}
	if err := c.Reload(ctx); err != nil {
		t.Errorf("reload: %v", err)
	}
}

func TestARefusedReloadSaysWhy(t *testing.T) {
	c := serve(t, fake{reload: errors.New("a.yaml:4:19: January 2099 has no day 32")})
	if err := c.Reload(context.Background()); err == nil || !strings.Contains(err.Error(), "a.yaml:4:19: ") {
		t.Errorf("the error is %v", err)
	}
}

func TestACopyComesWithItsSum(t *testing.T) {
	ctx := context.Background()
	c, err := serve(t, fake{}).Backup(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Content.Close()
	if b, err := io.ReadAll(c.Content); err != nil || string(b) != "the database" || c.Sum != "sum" || c.Size != 12 {
		t.Errorf("%q, %+v, %v", b, c, err)
	}
	if s, err := serve(t, fake{}).Compact(ctx); err != nil || s != (Sizes{2, 1}) {
		t.Errorf("%+v, %v", s, err)
	}
	full := serve(t, fake{reload: errors.New("no space left on device")})
	if _, err := full.Backup(ctx); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("%v", err)
	}
	if _, err := full.Compact(ctx); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("%v", err)
	}
}

func TestSecretAddressesAreAskedFor(t *testing.T) {
	c, ctx := serve(t, fake{}), context.Background()
	if list, err := c.Feeds(ctx); err != nil || len(list) != 1 || !list[0].Private {
		t.Errorf("feeds: %+v, %v", list, err)
	}
	if a, err := c.NewAddress(ctx, "de/sk", "for Ada & Bob"); err != nil || a.Feed != "de/sk" || a.Note != "for Ada & Bob" || a.URL == "" {
		t.Errorf("new: %+v, %v", a, err)
	}
	if v, err := c.RevokeAddress(ctx, "a1"); err != nil || v.ID != "a1" {
		t.Errorf("revoke: %+v, %v", v, err)
	}
	c = serve(t, fake{reload: errors.New("the feed is public")})
	if _, err := c.NewAddress(ctx, "all", ""); err == nil || !strings.Contains(err.Error(), "the feed is public") {
		t.Errorf("new where that is refused: %v", err)
	}
}

func TestACalendarIsAskedFor(t *testing.T) {
	c, ctx := serve(t, fake{}), context.Background()
	x := Export{ID: "visit", Query: Query{Now: time.Unix(0, 0), Filter: agenda.Filter{Topics: []string{"a&b"}}}}
	if text, err := c.Calendar(ctx, x); err != nil || string(text) != "visit 1970-01-01T00:00:00Z a&b" {
		t.Errorf("%q, %v", text, err)
	}
	x.Feed = "none"
	if _, err := c.Calendar(ctx, x); !errors.Is(err, ErrNoEvent) {
		t.Errorf("a feed that is not there: %v", err)
	}
}

func TestNoDaemonIsToldApart(t *testing.T) {
	_, err := NewClient(Path(t.TempDir())).Health(context.Background())
	if !errors.Is(err, ErrNoDaemon) {
		t.Errorf("the error is %v", err)
	}
}

func TestADaemonThatMayNotBeAskedIsNotSaidToBeGone(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may ask everybody")
	}
	path := Path(t.TempDir())
	l, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := NewClient(path).Health(context.Background()); err == nil || errors.Is(err, ErrNoDaemon) {
		t.Errorf("the error is %v", err)
	}
}

func TestASocketThatWasLeftBehindIsTakenOver(t *testing.T) {
	path := Path(t.TempDir())
	for range 2 {
		l, err := Listen(path)
		if err != nil {
			t.Fatal(err)
		}
		l.(local).Listener.(*net.UnixListener).SetUnlinkOnClose(false) // as after a kill
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestASocketInUseIsLeftAlone(t *testing.T) {
	path := Path(t.TempDir())
	l, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := Listen(path); !errors.Is(err, ErrOccupied) || !strings.Contains(err.Error(), path) {
		t.Errorf("the error is %v", err)
	}
	if c, err := net.Dial("unix", path); err != nil {
		t.Errorf("the first one is disturbed: %v", err)
	} else {
		c.Close()
	}
}

func TestADeepFolderHasItsSocketElsewhere(t *testing.T) {
	deep := filepath.Join("/", strings.Repeat("folder/", 30))
	if p := Path(deep); len(p) > maxSocketPath || p != Path(deep) || p == Path(deep+"2") {
		t.Errorf("the path is %s", p)
	}
}

func TestTheCommandLineAsksForChanges(t *testing.T) {
	c, ctx := serve(t, fake{}), context.Background()
	at := time.Date(2026, 2, 16, 8, 0, 0, 0, time.UTC)
	v, err := c.Changes(ctx, agenda.Filter{Topics: []string{"tariffs & ?"}}, change.Range{Event: "visit", From: at, Limit: 1})
	if err != nil || len(v) != 1 || v[0].Event != "visit" || v[0].Title != "tariffs & ?" || !v[0].At.Equal(at) {
		t.Errorf("changes: %+v, %v", v, err)
	}
	if _, err := c.Changes(ctx, agenda.Filter{}, change.Range{Limit: 2}); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a store that cannot be read: %v", err)
	}
}

func TestNoticesAreAskedForAndActedUpon(t *testing.T) {
	c, at := serve(t, fake{}), time.Date(2026, 2, 16, 9, 0, 0, 0, time.UTC)
	list, err := c.Notices(t.Context(), NoticeQuery{States: []string{"held", "dead"}, Event: "visit"})
	if err != nil || len(list) != 1 || list[0].Event != "visit" || list[0].State != "held" {
		t.Errorf("notices: %+v, %v", list, err)
	}
	if v, err := c.RetryNotice(t.Context(), "k1"); err != nil || v.Key != "k1" || v.State != "planned" {
		t.Errorf("retry: %+v, %v", v, err)
	}
	if v, err := c.DropNotice(t.Context(), "k1"); err != nil || v.State != "dead" {
		t.Errorf("drop: %+v, %v", v, err)
	}
	if body, err := c.Render(t.Context(), Rendering{"visit", "change", "#desk", at}); err != nil || body != "visitchange#desk2026-02-16T09:00:00Z" {
		t.Errorf("render: %q, %v", body, err)
	}
	refused := serve(t, fake{reload: errors.New("it is sent: only what is dead or held can be retried")})
	if _, err := refused.RetryNotice(t.Context(), "k1"); err == nil || !strings.Contains(err.Error(), "only what is dead or held") {
		t.Errorf("retry of one that was sent: %v", err)
	}
}

func TestCardsAndWhatNoLongerAppliesAreListedByNameOnly(t *testing.T) {
	card, old, sent := NoticeView{Notice: "card", State: "sent"}, NoticeView{Notice: "change", State: "superseded"}, NoticeView{Notice: "change", State: "sent"}
	for _, c := range []struct {
		q    NoticeQuery
		want [3]bool
	}{
		{NoticeQuery{}, [3]bool{false, false, true}},
		{NoticeQuery{Kinds: []string{"card"}}, [3]bool{true, false, false}},
		{NoticeQuery{States: []string{"superseded"}}, [3]bool{false, true, false}},
		{NoticeQuery{States: []string{"sent"}, Channels: []string{""}}, [3]bool{false, false, true}},
		{NoticeQuery{Event: "visit"}, [3]bool{}},
	} {
		if got := [3]bool{c.q.Match(card), c.q.Match(old), c.q.Match(sent)}; got != c.want {
			t.Errorf("%+v chooses %v", c.q, got)
		}
	}
}
