package config

import (
	"fmt"
	"strings"

	"attache/internal/event"
)

// Follow is a calendar of somebody else whose events become ours.
type Follow struct {
	// The key of the source that its events rest on, and what their ids begin with
	Name string `yaml:"name" as:"id" required:"its events name it as their source, and their ids begin with it"`
	// What people call it
	Title string `yaml:"title"` // of the source; "" is what the calendar calls itself
	// Where it is fetched
	URL string `yaml:"url" as:"calendar address" secret:"true"`
	// A file that only you can read, with the address where it is fetched
	URLFile string `yaml:"url_file" as:"secret file"`
	// A file that it stands in
	File string `yaml:"file" as:"file"`
	// A page about it, for people
	Page string `yaml:"page" as:"address"`
	// When it is fetched, in five fields
	Cron string `yaml:"cron" as:"cron" default:"23 * * * *"` // not on the hour, when everybody does; in the configuration's Timezone
	// The IANA zone of dates in it that name none
	Timezone string `yaml:"timezone" as:"zone"` // "" leaves them out
	// The kind of its events
	Kind event.Kind `yaml:"kind"`
	// Topics of its events
	Topics []string `yaml:"topics"` // besides their own
	// How sure its events are, where it does not say so
	Certainty event.Certainty `yaml:"certainty"`
	// Whether what it says of a date is taken as settled
	Trusted bool `yaml:"trusted"`
	// Whether it may be fetched from a network of your own
	Local bool `yaml:"local"` // by http too
}

func (one *Follow) check(r *reader, f field, written fieldList) {
	r.unique(f, one.Name, written)
	if strings.HasPrefix(strings.ToLower(one.URL), "http:") && !one.Local {
		r.fail(f.v, "http can be read and changed on its way: write https, or local: true for a calendar in your own network")
	}
	if n := written.count("url", "url_file", "file"); n != 1 {
		r.fail(f.v, "the calendar needs one of url, url_file and file, and has %d", n)
	}
}

// Address returns where the calendar is fetched: url, or what url_file holds. It may be
// secret.
func (f Follow) Address(env func(string) string) (Secret, error) {
	return address(f.URL, f.URLFile, env)
}

// Read returns the content of file.
func (f Follow) Read() ([]byte, error) {
	data, err := readFile(f.File)
	if err != nil {
		return nil, fmt.Errorf("read %s: %s", f.File, plainCause(err))
	}
	return data, nil
}

// source is what the events of the calendar rest on.
func (f Follow) source() event.Source {
	s := event.Source{Key: f.Name, Title: f.Title, URL: f.Page, Timezone: f.Timezone}
	if s.Title == "" {
		s.Title = f.Name
	}
	return s
}
