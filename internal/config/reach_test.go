package config

import "testing"

// TestReach shows what is said of events that reach too few or too many.
func TestReach(t *testing.T) {
	const desk = "audiences: [{name: desk, match: {topics: [a]}}]\n"
	for _, c := range []struct{ name, settings, events, want string }{
		{"all is for everybody", ``, `{topics: [a]}`, ""},
		{"a channel carries it", desk + `routes: [{to: C1, audiences: [desk]}]`, `{topics: [a]}`, ""},
		{"a digest to the channel carries it", desk + "routes: [{to: C1}]\ndigests: [{name: d, cron: 0 8 * * *, to: C1, audiences: [desk]}]", `{topics: [a]}`, ""},
		{"no route may carry it", desk + `routes: [{to: C1}]`, `{topics: [a]}, {}`,
			"e.yaml:1:15: it is for desk alone, and no route that takes it may carry that: nobody is told of it; add audiences: [desk] to one"},
		{"another route takes it, which may not carry it", desk + `routes: [{to: C1, audiences: [desk], match: {topics: [b]}}, {to: C2}]`, `{topics: [a]}, {topics: [b]}`,
			"e.yaml:1:15: it is for desk alone, and no route that takes it may carry that: nobody is told of it; add audiences: [desk] to one"},
		{"without routes", desk, `{topics: [a]}`, "e.yaml:1:15: it is for desk alone, and no route may carry that: nobody is told of it; add a route with audiences: [desk]"},
		{"it says so itself", "audiences: [{name: desk}]\nroutes: [{to: C1}]", `{audience: desk}`,
			"e.yaml:1:15: it is for desk alone, and no route that takes it may carry that: nobody is told of it; add audiences: [desk] to one"},
		{"it is over", desk + `routes: [{to: C1}]`, `{topics: [a], status: held}`, ""},
		{"nobody has to be told", desk + `routes: [{to: C1}]`, `{topics: [a], kind: holiday}`, ""},
		{"a private feed and a public one", `feeds: [{name: all}, {name: inner, private: true, match: {topics: [a]}}]`, `{topics: [a]}, {topics: [a, b]}, {}`,
			`attache.yaml:1:22: the feed "inner" is private, and everybody can read 2 events of it all the same, since the public feed all has it, too: e0, e1`},
		{"a private feed for an audience", desk + "feeds: [{name: all}, {name: inner, private: true, audiences: [desk]}]\nroutes: [{to: C1, audiences: [desk]}]", `{topics: [a]}, {}`, ""},
		{"an event of everybody in a private feed", "feeds: [{name: all, match: {topics: [b]}}, {name: inner, private: true}]\nroutes: [{to: C1, audiences: [inner]}]", `{audience: everybody}, {topics: [b], audience: everybody}`, ""},
		{"one depends on it", desk + `routes: [{to: C1, audiences: [desk]}]`, `{topics: [a]}, {when: "2 days after event:e0"}`,
			"e.yaml:1:49: it depends on e0, which is for desk alone: everybody else reads that it depends on an event they cannot see, and no date that follows from it"},
		{"an issuer without https", "access: {oidc: {issuer: 'http://sso.example.org', client_id: attache}}\nfeeds: [{name: all}]", `{}`,
			"attache.yaml:1:25: the issuer is not reached by https: whoever stands between can sign in as anybody"},
		{"an issuer on this machine", "access: {oidc: {issuer: 'http://127.0.0.1:5556/dex', client_id: attache}}", `{}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := warned(t, map[string]string{"attache.yaml": "events: [e.yaml]\n" + c.settings, "e.yaml": eventsOf(c.events)}); got != shifted(c.want) {
				t.Errorf("it warns\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// TestPublic says in a line what everybody can read.
func TestPublic(t *testing.T) {
	for _, c := range []struct{ name, settings, listen, want string }{
		{"on this machine", "", "127.0.0.1:8080", ""},
		{"on a socket", "", "unix:/run/attache/http.sock", ""},
		{"at an address of the net", "", "0.0.0.0:8080", "everybody who can reach 0.0.0.0:8080 can read everything, which is 2 events: attache help access says how to narrow that"},
		{"behind a proxy", "public_url: https://c.example", "127.0.0.1:8080", "everybody who can reach https://c.example can read everything, which is 2 events: attache help access says how to narrow that"},
		{"where it is known who asks", "public_url: https://c.example\naccess: {header: X-User, from: [unix]}", "127.0.0.1:8080", ""},
		{"with an audience", "audiences: [{name: desk, match: {topics: [a]}}]", "127.0.0.1:8080", "everybody who can reach 127.0.0.1:8080 can read 1 of 2 events"},
	} {
		t.Run(c.name, func(t *testing.T) {
			write(t, map[string]string{"attache.yaml": "events: [e.yaml]\n" + c.settings, "e.yaml": eventsOf(`{topics: [a]}, {}`)})
			cfg, err := Load("attache.yaml")
			if err != nil {
				t.Fatal(err)
			}
			if got := cfg.Public(c.listen); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
