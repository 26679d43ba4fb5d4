package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Find returns the path of the configuration: flag if it is not empty, then
// $ATTACHE_CONFIG, then the first that exists of config/attache.yaml,
// $XDG_CONFIG_HOME/attache/attache.yaml (with $HOME/.config where that is not
// set) and /etc/attache/attache.yaml. env looks up a variable, as os.Getenv
// does. A path that was asked for is given without looking whether it exists.
func Find(flag string, env func(string) string) (string, error) {
	if flag != "" {
		return flag, nil
	}
	if path := env("ATTACHE_CONFIG"); path != "" {
		return path, nil
	}
	places := searched(env)
	for _, path := range places {
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path, nil
		}
	}
	return "", fmt.Errorf("no configuration found: looked for %s; name one with --config, or write one with attache init", strings.Join(places, ", "))
}

// searched lists where a configuration is looked for, in order.
func searched(env func(string) string) []string {
	places := []string{filepath.Join("config", "attache.yaml")}
	home := env("XDG_CONFIG_HOME")
	if !filepath.IsAbs(home) && env("HOME") != "" { // relative ones are to be ignored, says the XDG specification
		home = filepath.Join(env("HOME"), ".config")
	}
	if filepath.IsAbs(home) {
		places = append(places, filepath.Join(home, "attache", "attache.yaml"))
	}
	return append(places, "/etc/attache/attache.yaml")
}
