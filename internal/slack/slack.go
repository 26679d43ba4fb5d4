package slack

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"attache/internal/notice"

	slackgo "github.com/slack-go/slack"
)

// Config is what a connection to Slack is made of.
type Config struct {
	// Token is the bot token, xoxb-….
	Token string
	// APIURL is the address of the Web API; "" is https://slack.com/api/. A
	// slash at its end is added.
	APIURL string
	// HTTPClient sends the requests; nil is one with time-outs for connecting,
	// TLS and waiting for an answer. Its redirects are never followed.
	HTTPClient *http.Client
	// Log takes a line for each call, none of which holds a token; nil is none.
	Log *slog.Logger
	// Install is the opaque name of this installation, for metadata.
	Install string
	// Waits are what OnWait was last given, so that what Slack asked to wait for is waited
	// for after a restart, too. Those of another token are passed over.
	Waits map[string]time.Time
	// OnWait is called where Slack asks to wait, with all that is being waited for with this token, UTC.
	// Nil keeps it in memory alone.
	OnWait func(waits map[string]time.Time)
	// Listens reports whether somebody listens to what people press; where not, messages have
	// nothing to press. Nil is nobody.
	Listens func() bool
}

// callTimeout bounds each request from connecting to the last byte of the answer.
const callTimeout = 20 * time.Second

// Slack is a workspace in which attache is installed. Its methods may be called
// from several goroutines.
type Slack struct {
	api     *slackgo.Client
	client  doer
	token   string
	address string
	budget  *budget
	timeout time.Duration
	log     *slog.Logger
	install string
	listens func() bool

	mu    sync.Mutex
	bot   string            // our bot ID, "" until it was asked for
	known map[string]string // IDs of channels by name, as far as learned
	site  string            // address of the workspace, "" until it was asked for
	names map[string]string // of people by ID, as far as learned
}

// New prepares a connection and sends nothing. It returns an error for a token
// that is no bot token and for an address that is none.
func New(c Config) (*Slack, error) {
	c.Token = strings.TrimSpace(c.Token)
	if err := checkToken(c.Token); err != nil {
		return nil, err
	}
	address, err := apiURL(c.APIURL)
	if err != nil {
		return nil, err
	}
	if c.HTTPClient == nil {
		c.HTTPClient = NewClient()
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Listens == nil {
		c.Listens = func() bool { return false }
	}
	api := slackgo.New(c.Token, slackgo.OptionAPIURL(address), slackgo.OptionHTTPClient(once(c.HTTPClient)))
	return &Slack{
		api: api, token: c.Token, address: address, budget: newBudget(c.Token, c.Waits, c.OnWait), timeout: callTimeout,
		log: c.Log, install: c.Install, listens: c.Listens, known: map[string]string{}, names: map[string]string{},
		client: once(c.HTTPClient),
	}, nil
}

// checkToken reports what is wrong with a token, without repeating it.
func checkToken(t string) error {
	switch {
	case t == "":
		return errors.New("the bot token is empty")
	case !strings.HasPrefix(t, "xoxb-") && !strings.HasPrefix(t, "xoxe.xoxb-"):
		return errors.New("this is no bot token: one begins with xoxb-")
	case strings.ContainsFunc(t, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("the bot token has characters that no token has")
	}
	return nil
}

// apiURL checks the address of the Web API and ends it with a slash, without
// which slack-go glues method names to it.
func apiURL(s string) (string, error) {
	u, err := url.Parse(cmp.Or(s, slackgo.APIURL))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return "", errors.New("the API URL is no plain http or https address such as https://slack.com/api/")
	}
	return strings.TrimSuffix(u.String(), "/") + "/", nil
}

// Connects reports whether s is what New would make of c, but for what it has learned.
func (s *Slack) Connects(c Config) bool {
	address, err := apiURL(c.APIURL)
	return err == nil && s.token == strings.TrimSpace(c.Token) && s.address == address && s.install == c.Install
}

// call makes one request through do and returns what was seen of it.
func (s *Slack) call(ctx context.Context, method string, do func(context.Context) error) (*exchange, error) {
	return s.callIn(ctx, method, "", do)
}

// callIn is call for a method whose calls Slack counts for each channel.
func (s *Slack) callIn(ctx context.Context, method, channel string, do func(context.Context) error) (*exchange, error) {
	x, name := &exchange{}, strings.TrimSpace(method+" "+channel)
	end, wait, err := s.budget.begin(ctx, name)
	if err != nil { // nothing was asked of anybody
		x.asked.Store(true)
		x.held = wait
		return x, err
	}
	defer end()
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	return x, s.seen(ctx, x, method, name, do)
}

// callAtOnce is call without a turn: what one person is shown does not wait for another.
func (s *Slack) callAtOnce(ctx context.Context, method string, do func(context.Context) error) (*exchange, error) {
	x := &exchange{}
	if x.held = s.budget.wait(method); x.held > 0 {
		x.asked.Store(true)
		return x, errHeld
	}
	return x, s.seen(ctx, x, method, method, do)
}

// seen makes a request that x sees, and notes under name where Slack asks to wait.
func (s *Slack) seen(ctx context.Context, x *exchange, method, name string, do func(context.Context) error) error {
	began := time.Now()
	err := do(x.attach(ctx))
	if x.turnedAway() {
		s.budget.limited(name, x.wait())
	}
	s.log.Debug("slack call", "method", method, "status", x.status, "ok", x.answer.OK,
		"error", s.redact(x.answer.Error), "took", time.Since(began))
	return err
}

// Post makes one attempt to post p, to its channel ID where there is one, else
// to the channel as configured, as a reply where it has a thread. Any error is a
// *notice.SendError: Gone for a reply to what can't be replied to. The receipt's time
// is Slack's, UTC.
func (s *Slack) Post(ctx context.Context, p notice.Post) (notice.Receipt, error) {
	const method = "chat.postMessage"
	p.Buttons = s.listens()
	body := newPayload(p, s.install)
	var channel, ts string
	x, err := s.callIn(ctx, method, body.Channel, func(ctx context.Context) (err error) {
		channel, ts, err = s.api.PostMessageContext(ctx, body.Channel, body.options()...)
		return err
	})
	if err != nil || channel == "" || ts == "" {
		var own map[string]notice.Result
		if p.Thread != "" {
			own = replyOutcomes
		}
		return notice.Receipt{}, s.failure(ctx, method, x, err, own)
	}
	if p.ChannelID == "" {
		s.learn(p.Channel, channel)
	}
	r := notice.Receipt{Key: p.Key, ChannelID: channel, TS: ts, Thread: s.threadOf(ctx, x, channel, p.Thread), At: x.date}
	if r.At.IsZero() {
		r.At = instantOf(ts)
	}
	return r, nil
}

// Delete takes a message of ours away. One that is gone already is no error;
// any other error is a *notice.SendError, and in doubt it may be repeated.
func (s *Slack) Delete(ctx context.Context, channelID, ts string) error {
	const method = "chat.delete"
	var at string
	x, err := s.call(ctx, method, func(ctx context.Context) (err error) {
		_, at, err = s.api.DeleteMessageContext(ctx, channelID, ts)
		return err
	})
	if err == nil && at != "" || x.status == http.StatusOK && x.answer.Error == "message_not_found" {
		return nil
	}
	return s.failure(ctx, method, x, err, map[string]notice.Result{"cant_delete_message": notice.Refused})
}
