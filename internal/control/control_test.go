package control

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/story"
)

// fake is a daemon that knows one event.
type fake struct{ reload error }

func (f fake) Reader() calendar.Reader { return answers{f.reload} }

func (f fake) Answer(said calendar.Said) (calendar.Answered, error) {
	var a calendar.Answered
	a.Revision.Event.ID, a.Revision.Number, a.Revision.Author = said.ID, said.Revision+1, said.By
	return a, f.reload
}

func (fake) Health() Health { return Health{Ready: true, Events: 1, Version: "test"} }

func (f fake) Reload(context.Context) error { return f.reload }

func (fake) Serves(asked string) error {
	if asked != "7:8:/etc/attaché/attache.yaml" {
		return &OtherError{Runs: "/etc/attaché/attache.yaml"}
	}
	return nil
}

func (f fake) Copy(ctx context.Context) (Copy, error) { return f.Backup(ctx) }

func (f fake) Backup(context.Context) (Copy, error) {
	return Copy{io.NopCloser(strings.NewReader("the database")), 12, "sum"}, f.reload
}

func (f fake) Compact(context.Context) (Sizes, error) { return Sizes{2, 1}, f.reload }

func (fake) Feeds() []FeedView { return []FeedView{{Name: "desk", Private: true}} }

func (f fake) NewLink(x calendar.LinkFor) (calendar.NewLink, error) {
	return calendar.NewLink{LinkView: calendar.LinkView{Name: x.Name, Audiences: x.Audiences, Everything: x.Everything, Note: x.Note}}, nil
}
func (f fake) Links() []calendar.LinkView { return []calendar.LinkView{{ID: "one"}} }
func (f fake) RevokeLink(id string) (calendar.LinkView, error) {
	return calendar.LinkView{ID: id}, nil
}
func (f fake) Who(id string) (calendar.WhoView, error) {
	return calendar.WhoView{}, fmt.Errorf("event %q: %w", id, calendar.ErrNoEvent)
}

func TestClient_Links(t *testing.T) {
	c, ctx := serve(t, fake{}), t.Context()
	a, err := c.NewLink(ctx, calendar.LinkFor{Name: "Ada & Bob", Audiences: []string{"desk", "board"}, Everything: true, Note: "x/y"})
	if err != nil || a.Name != "Ada & Bob" || len(a.Audiences) != 2 || !a.Everything || a.Note != "x/y" {
		t.Errorf("%+v, %v", a, err)
	}
	if list, err := c.Links(ctx); err != nil || len(list) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	if a, err := c.RevokeLink(ctx, "a/b"); err != nil || a.ID != "a/b" {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := c.Who(ctx, "nobody"); !errors.Is(err, calendar.ErrNoEvent) {
		t.Error(err)
	}
}

func (f fake) NewAddress(feed, note string) (calendar.NewAddress, error) {
	return calendar.NewAddress{AddressView: calendar.AddressView{ID: "a1", Feed: feed, Note: note}, URL: "https://attache.example/f/a1.secret/desk.ics"}, f.reload
}

func (f fake) RevokeAddress(id string) (calendar.AddressView, error) {
	return calendar.AddressView{ID: id}, f.reload
}

func (f fake) RetryNotice(key string) (calendar.NoticeView, error) {
	return calendar.NoticeView{Key: key, State: "planned"}, f.reload
}

func (f fake) DropNotice(key string) (calendar.NoticeView, error) {
	return calendar.NoticeView{Key: key, State: "dead"}, f.reload
}

// answers are what the fake says of its event.
type answers struct{ err error }

func (answers) List(_ context.Context, q calendar.Query) ([]story.View, error) {
	return []story.View{{View: agenda.View{ID: "visit", Phase: q.Now.UTC().Format(time.RFC3339)}}}, nil
}

func (answers) Why(_ context.Context, id string) (agenda.WhyView, error) {
	if id != "visit" {
		return agenda.WhyView{}, fmt.Errorf("event %q: %w", id, calendar.ErrNoEvent)
	}
	return agenda.WhyView{ID: id}, nil
}

func (answers) Changes(_ context.Context, q calendar.ChangeQuery) ([]change.View, error) {
	if q.Range.Limit > 1 {
		return nil, errors.New("the store cannot be read")
	}
	return []change.View{{Event: q.Range.Event, Title: q.Filter.Topics[0], At: q.Range.From}}, nil
}

func (answers) Notices(_ context.Context, q calendar.NoticeQuery) ([]calendar.NoticeView, error) {
	return []calendar.NoticeView{{Key: "k1", Event: q.Event, State: q.States[0]}}, nil
}

func (answers) Export(_ context.Context, x calendar.Export) ([]byte, error) {
	if x.Feed != "" {
		return nil, fmt.Errorf("feed %q: %w", x.Feed, calendar.ErrNoEvent)
	}
	return []byte(x.ID + " " + x.Now.UTC().Format(time.RFC3339) + " " + x.Filter.Topics[0]), nil
}

func (a answers) Render(_ context.Context, x calendar.Rendering) (notice.Post, error) {
	return notice.Post{Event: x.ID, Channel: x.Channel, Message: notice.Message{Kind: notice.Kind(x.Notice), At: x.Now}}, a.err
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

func TestClient(t *testing.T) {
	c, ctx := serve(t, fake{}), context.Background()
	if h, err := c.Health(ctx); err != nil || !h.Ready || h.Events != 1 {
		t.Errorf("health: %+v, %v", h, err)
	}
	now := time.Date(2026, 2, 16, 8, 0, 0, 0, time.FixedZone("", 8*60*60))
	if v, err := c.List(ctx, calendar.Query{Now: now}); err != nil || len(v) != 1 || v[0].Phase != "2026-02-16T00:00:00Z" {
		t.Errorf("views: %+v, %v", v, err)
	}
	if v, err := c.Why(ctx, "visit"); err != nil || v.ID != "visit" {
		t.Errorf("why: %+v, %v", v, err)
	}
	if _, err := c.Why(ctx, "../health"); !errors.Is(err, calendar.ErrNoEvent) || !strings.Contains(err.Error(), `event "../health"`) {
		t.Errorf("why of an event that is not there: %v", err)
	}
	if err := c.Reload(ctx); err != nil {
		t.Errorf("reload: %v", err)
	}
}

func TestClient_RefusedReload(t *testing.T) {
	c := serve(t, fake{reload: errors.New("a.yaml:4:19: January 2099 has no day 32")})
	if err := c.Reload(context.Background()); err == nil || !strings.Contains(err.Error(), "a.yaml:4:19: ") {
		t.Errorf("the error is %v", err)
	}
}

func TestClient_For(t *testing.T) {
	c, ctx := serve(t, fake{}), context.Background()
	if v, err := c.For("7:8:/etc/attaché/attache.yaml").Why(ctx, "visit"); err != nil || v.ID != "visit" {
		t.Errorf("why: %+v, %v", v, err)
	}
	another := c.For("7:8:/home/ann/attache.yaml")
	_, made := another.NewAddress(ctx, "desk", "")
	_, listed := another.List(ctx, calendar.Query{})
	for _, err := range []error{made, listed} {
		var other *OtherError
		if !errors.As(err, &other) || other.Runs != "/etc/attaché/attache.yaml" {
			t.Errorf("about another configuration: %v", err)
		}
	}
}

func TestClient_Backup(t *testing.T) {
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

func TestClient_Addresses(t *testing.T) {
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

func TestClient_Export(t *testing.T) {
	c, ctx := serve(t, fake{}), context.Background()
	x := calendar.Export{ID: "visit", Query: calendar.Query{Now: time.Unix(0, 0), Filter: agenda.Filter{Topics: []string{"a&b"}}}}
	if text, err := c.Export(ctx, x); err != nil || string(text) != "visit 1970-01-01T00:00:00Z a&b" {
		t.Errorf("%q, %v", text, err)
	}
	x.Feed = "none"
	if _, err := c.Export(ctx, x); !errors.Is(err, calendar.ErrNoEvent) {
		t.Errorf("a feed that is not there: %v", err)
	}
}

func TestClient_NoDaemon(t *testing.T) {
	_, err := NewClient(Path(t.TempDir())).Health(context.Background())
	if !errors.Is(err, ErrNoDaemon) {
		t.Errorf("the error is %v", err)
	}
}

func TestClient_NotAllowed(t *testing.T) {
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

func TestListen_LeftBehind(t *testing.T) {
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

func TestListen_InUse(t *testing.T) {
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

func TestPath_DeepFolder(t *testing.T) {
	deep := filepath.Join("/", strings.Repeat("folder/", 30))
	if p := Path(deep); len(p) > maxSocketPath || p != Path(deep) || p == Path(deep+"2") {
		t.Errorf("the path is %s", p)
	}
}

func TestClient_Changes(t *testing.T) {
	c, ctx := serve(t, fake{}), context.Background()
	at := time.Date(2026, 2, 16, 8, 0, 0, 0, time.UTC)
	v, err := c.Changes(ctx, calendar.ChangeQuery{Filter: agenda.Filter{Topics: []string{"tariffs & ?"}}, Range: change.Range{Event: "visit", From: at, Limit: 1}})
	if err != nil || len(v) != 1 || v[0].Event != "visit" || v[0].Title != "tariffs & ?" || !v[0].At.Equal(at) {
		t.Errorf("changes: %+v, %v", v, err)
	}
	if _, err := c.Changes(ctx, calendar.ChangeQuery{Range: change.Range{Limit: 2}}); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a store that cannot be read: %v", err)
	}
}

func TestClient_Notices(t *testing.T) {
	c, at := serve(t, fake{}), time.Date(2026, 2, 16, 9, 0, 0, 0, time.UTC)
	list, err := c.Notices(t.Context(), calendar.NoticeQuery{States: []string{"held", "dead"}, Event: "visit"})
	if err != nil || len(list) != 1 || list[0].Event != "visit" || list[0].State != "held" {
		t.Errorf("notices: %+v, %v", list, err)
	}
	if v, err := c.RetryNotice(t.Context(), "k1"); err != nil || v.Key != "k1" || v.State != "planned" {
		t.Errorf("retry: %+v, %v", v, err)
	}
	if v, err := c.DropNotice(t.Context(), "k1"); err != nil || v.State != "dead" {
		t.Errorf("drop: %+v, %v", v, err)
	}
	p, err := c.Render(t.Context(), calendar.Rendering{ID: "visit", Notice: "change", Channel: "#desk", Now: at})
	if err != nil || p.Event != "visit" || p.Channel != "#desk" || p.Message.Kind != notice.Changed || !p.Message.At.Equal(at) {
		t.Errorf("render: %+v, %v", p, err)
	}
	refused := serve(t, fake{reload: errors.New("it is sent: only what is dead or held can be retried")})
	if _, err := refused.RetryNotice(t.Context(), "k1"); err == nil || !strings.Contains(err.Error(), "only what is dead or held") {
		t.Errorf("retry of one that was sent: %v", err)
	}
}

func TestClient_Answer(t *testing.T) {
	ctx, said := context.Background(), calendar.Said{ID: "visit", Revision: 2, By: event.Author{Via: "cli", Name: "Ann & Bob"}}
	if v, err := serve(t, fake{}).Answer(ctx, said); err != nil || v.Event != "visit" || v.Revision != 3 || v.By != "Ann & Bob" {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := serve(t, fake{errors.New("held cannot follow met")}).Answer(ctx, said); err == nil || !strings.Contains(err.Error(), "held cannot follow met") {
		t.Errorf("what is refused: %v", err)
	}
}
