// Package fetch reads a text, such as a calendar, from an address that a person wrote
// down.
//
// Invariants:
//   - Nothing of this machine or of its network is read, whatever a name or a redirect
//     leads to, unless [Client.Local] says so.
//   - A fetch ends: after ten seconds, after 4 MiB, and after three redirects.
//   - An error tells of the address only its scheme and its host: the rest may be secret,
//     as in the private addresses of calendars.
//
// To read a calendar again only where it changed, keep what the server said of it:
//
//	client := fetch.Client{Agent: "attache/1.0"}
//	got, err := client.Get(ctx, "https://example.org/talks.ics", fetch.Validators{})
//	// got.Body is the calendar.
//	again, err := client.Get(ctx, "https://example.org/talks.ics", got.Validators)
//	// again.Unchanged reports whether it is the same.
package fetch

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
	timeout      = 10 * time.Second
	maxBody      = 4 << 20 // octets, after decompression
	maxRedirects = 3
)

// Client fetches texts. It asks no proxy, sends no cookie, and looks at every address that
// a name leads to at the moment at which it dials, so that a name can't lead into the
// network of the machine. The zero Client is ready to use.
type Client struct {
	Agent  string // User-Agent; "" is attache
	Accept string // what is wanted; "" is a calendar

	// Local allows http, and addresses of this machine and of its network: for
	// calendars that a person runs there, and says so.
	Local bool
}

// Validators are what a server said of the copy that one has, RFC 9110 §8.8.
type Validators struct{ ETag, LastModified string }

// Response is what a server answered.
type Response struct {
	Body       []byte // in UTF-8 where the server names another charset
	Validators        // of Body
	Unchanged  bool   // the copy that one has still holds; Body is empty
}

// Get fetches raw, an https address (or webcal, which is https), unless the copy
// with the validators have still holds. An answer other than 200 is an error.
func (c Client) Get(ctx context.Context, raw string, have Validators) (Response, error) {
	u, err := c.address(raw)
	if err != nil {
		return Response{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	got, err := c.get(ctx, u, have)
	if err != nil {
		return Response{}, fmt.Errorf("fetch %s: %w", public(u), unaddressed(err))
	}
	return got, nil
}

func (c Client) get(ctx context.Context, u *url.URL, have Validators) (Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return Response{}, err
	}
	req.Header.Set("User-Agent", cmp.Or(c.Agent, "attache"))
	req.Header.Set("Accept", cmp.Or(c.Accept, "text/calendar, */*;q=0.1"))
	setIf(req.Header, "If-None-Match", have.ETag)
	setIf(req.Header, "If-Modified-Since", have.LastModified)
	client := c.httpClient()
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		return Response{}, err
	}
	defer resp.Body.Close()
	got := Response{Validators: Validators{resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")}}
	switch {
	case resp.StatusCode == http.StatusNotModified && have != (Validators{}):
		got.Unchanged, got.Validators = true, have
		return got, nil
	case resp.StatusCode != http.StatusOK:
		return Response{}, fmt.Errorf("the answer is %s", resp.Status)
	}
	got.Body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err == nil && len(got.Body) > maxBody {
		err = fmt.Errorf("it is larger than %d MiB", maxBody>>20)
	}
	got.Body = inUTF8(got.Body, resp.Header.Get("Content-Type"))
	return got, err
}

// httpClient returns a client for one fetch.
func (c Client) httpClient() *http.Client {
	dial := &net.Dialer{Timeout: timeout, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		return c.allow(address)
	}}
	return &http.Client{
		Transport: &http.Transport{
			DialContext: dial.DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: timeout,
			ResponseHeaderTimeout: timeout, MaxResponseHeaderBytes: 64 << 10, DisableKeepAlives: true,
		},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return fmt.Errorf("it is passed on more than %d times", maxRedirects)
			}
			// Where one is sent must be as safe as where one was going.
			_, err := c.address(req.URL.String())
			return err
		},
	}
}

// address reads an address that may be fetched.
func (c Client) address(raw string) (*url.URL, error) {
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
	case u.Scheme == "http" && !c.Local:
		return nil, fmt.Errorf("%s: http can be read and changed on its way: only https is fetched", public(u))
	}
	return u, nil
}

// allow refuses addresses of the machine, of its network, and those that name no
// machine on the Internet. It sees what a name was resolved to.
func (c Client) allow(address string) error {
	if c.Local {
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

// internal are the blocks that netip does not name: of carriers, of translation to
// IPv4, which could lead inside, for tests and documentation, and what is reserved.
var internal = []netip.Prefix{
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
	for _, p := range internal {
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
		return fmt.Errorf("there is no whole answer after %s", timeout)
	}
	return err
}

func setIf(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}
