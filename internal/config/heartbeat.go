package config

import "time"

// Heartbeat is an address that is fetched while all is well, so that whoever stands
// behind it notices when it is not any more.
type Heartbeat struct {
	// What is fetched
	URL string `yaml:"url" as:"calendar address" secret:"true"` // "" where there is URLFile, or none at all
	// A file that only you can read, with what is fetched
	URLFile string `yaml:"url_file" as:"secret file"`
	// How often at most, as in 5m
	Every time.Duration `yaml:"every" default:"5m"`
	// Whether it may lie in a network of your own
	Local bool `yaml:"local"` // by http too
}

// On reports whether there is one.
func (h Heartbeat) On() bool { return h.URL != "" || h.URLFile != "" }

// Address returns what is fetched. It may be secret.
func (h Heartbeat) Address(env func(string) string) (Secret, error) {
	return address(h.URL, h.URLFile, env)
}

// leastHeartbeat is how often one can come: once in a while, not with every scan.
const leastHeartbeat = 10 * time.Second

func (h *Heartbeat) check(r *reader, f field, written fieldList) {
	if h.Every < leastHeartbeat {
		r.fail(written.get("every").v, "every: a heartbeat comes every %s at most", leastHeartbeat)
	}
	if n := written.count("url", "url_file"); n != 1 {
		r.fail(f.v, "heartbeat needs one of url and url_file, and has %d", n)
	}
}
