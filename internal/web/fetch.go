package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Bounds of one fetch: an address that a person wrote down may lead anywhere.
const (
	fetchTimeout   = 10 * time.Second
	fetchLimit     = 4 << 20 // octets, after decompression
	fetchRedirects = 3
)

// Fetcher reads a text from an address that a person wrote down. It asks no proxy,
// sends no cookie, and looks at every address that a name leads to at the moment at
// which it dials, so that a name can't lead into the network of the machine.
type Fetcher struct {
	Agent string // User-Agent; "" is attache

	// Local allows http, and addresses of this machine and of its network: for
	// calendars that a person runs there, and says so.
	Local bool
}

// Validators are what a server said of the copy that one has, RFC 9110 §8.8.
type Validators struct{ ETag, LastModified string }

// Fetched is an answer.
type Fetched struct {
	Body       []byte
	Validators      // of Body
	Unchanged  bool // the copy that one has still holds; Body is empty
}

// Get fetches raw, an https address (or webcal, which is https), unless the copy
// with the validators have still holds. The error says what stands in the way, and
// holds of the
// address only where it leads, since the rest may be secret.
func (f Fetcher) Get(ctx context.Context, raw string, have Validators) (Fetched, error) {
	u, err := f.address(raw)
	if err != nil {
		return Fetched{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	got, err := f.get(ctx, u, have)
	if err != nil {
		return Fetched{}, fmt.Errorf("fetch %s: %w", public(u), unaddressed(err))
	}
	return got, nil
}

func (f Fetcher) get(ctx context.Context, u *url.URL, have Validators) (Fetched, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return Fetched{}, err
	}
	req.Header.Set("User-Agent", cmp.Or(f.Agent, "attache"))
	req.Header.Set("Accept", "text/calendar, */*;q=0.1")
	setIf(req.Header, "If-None-Match", have.ETag)
	setIf(req.Header, "If-Modified-Since", have.LastModified)
	client := f.client()
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		return Fetched{}, err
	}
	defer resp.Body.Close()
	got := Fetched{Validators: Validators{resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")}}
	switch {
	case resp.StatusCode == http.StatusNotModified && have != (Validators{}):
		got.Unchanged, got.Validators = true, have
		return got, nil
	case resp.StatusCode != http.StatusOK:
		return Fetched{}, fmt.Errorf("the answer is %s", resp.Status)
	}
	got.Body, err = io.ReadAll(io.LimitReader(resp.Body, fetchLimit+1))
	if err == nil && len(got.Body) > fetchLimit {
		err = fmt.Errorf("it is larger than %d MiB", fetchLimit>>20)
	}
	return got, err
}

// client makes a client for one fetch.
func (f Fetcher) client() *http.Client {
	dial := &net.Dialer{Timeout: fetchTimeout, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		return f.allow(address)
	}}
	return &http.Client{
		Transport: &http.Transport{
			DialContext: dial.DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: fetchTimeout,
			ResponseHeaderTimeout: fetchTimeout, MaxResponseHeaderBytes: 64 << 10, DisableKeepAlives: true,
		},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) > fetchRedirects {
				return fmt.Errorf("it is passed on more than %d times", fetchRedirects)
			}
			// Where one is sent must be as safe as where one was going.
			_, err := f.address(req.URL.String())
			return err
		},
	}
}

// address reads an address that may be fetched.
func (f Fetcher) address(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return nil, errors.New("it is no address: write one as https://example.org/calendar.ics")
	}
	if u.Scheme == "webcal" || u.Scheme == "webcals" {
		u.Scheme = "https"
	}
	switch {
	case u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("%s: an address begins with https://", public(u))
	case u.Scheme == "http" && !f.Local:
		return nil, fmt.Errorf("%s: http can be read and changed on its way: only https is fetched", public(u))
	}
	return u, nil
}

// allow refuses addresses of the machine, of its network, and those that name no
// machine on the Internet. It sees what a name was resolved to.
func (f Fetcher) allow(address string) error {
	if f.Local {
		return nil
	}
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%s is no address on the Internet", address)
	}
	if ip := at.Addr(); !global(ip) {
		return fmt.Errorf("%s is an address of this machine or its network", ip)
	}
	return nil
}

// closed are the blocks that netip does not name: of carriers, of translation to
// IPv4, which could lead inside, for tests and documentation, and what is reserved.
var closed = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("fec0::/10"),
}

// global reports whether ip is that of a machine on the Internet.
func global(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, p := range closed {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// public writes of an address only where it leads: what else there is in it may be
// secret, as in the private addresses of calendars.
func public(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
}

// unaddressed takes the address off an error of the client, where it stands with its query.
func unaddressed(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return unaddressed(u.Err)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("there is no whole answer after %s", fetchTimeout)
	}
	return err
}

func setIf(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}
