package config

import (
	"slices"
	"strings"
	"testing"
)

func TestDataFolder(t *testing.T) {
	env := map[string]string{"STATE_DIRECTORY": "/var/lib/attache", "XDG_STATE_HOME": "/state", "HOME": "/home/ann"}
	cases := []struct {
		flag, configured string
		without          string // of the variables
		want             string
	}{
		{"/flag", "/configured", "", "/flag"},
		{"", "/configured", "", "/configured"},
		{"", "", "", "/var/lib/attache"},
		{"", "", "STATE_DIRECTORY", "/state/attache"},
		{"", "", "STATE_DIRECTORY XDG_STATE_HOME", "/home/ann/.local/state/attache"},
	}
	for _, c := range cases {
		got, err := DataFolder(c.flag, c.configured, func(name string) string {
			if slices.Contains(strings.Fields(c.without), name) {
				return ""
			}
			return env[name]
		})
		if got != c.want || err != nil {
			t.Errorf("%+v: %s, %v", c, got, err)
		}
	}
	if _, err := DataFolder("", "", func(string) string { return "" }); err == nil {
		t.Error("a machine that names no folder has one")
	}
}
