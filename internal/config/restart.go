package config

import (
	"fmt"
	"reflect"
)

// Starts returns what a daemon takes from c when it starts and at no later reading, by key:
// the values of the keys with the tag restart. All else holds from the next reading on.
func (c *Config) Starts() map[string]string {
	out := map[string]string{}
	v := reflect.ValueOf(c).Elem()
	for _, k := range keysOf(v.Type()) {
		if k.tag("restart") != "" {
			out[k.name] = ""
			if of := reflect.Indirect(v.FieldByIndex(k.field.Index)); of.IsValid() {
				out[k.name] = fmt.Sprintf("%+v", of)
			}
		}
	}
	return out
}

// Restart returns a warning for each key that says something else than what a running daemon
// was started with.
func (c *Config) Restart(started map[string]string) Errors {
	var found findings
	now := c.Starts()
	for _, k := range keysOf(reflect.TypeFor[Config]()) {
		before, counts := started[k.name]
		if !counts || now[k.name] == before {
			continue
		}
		at, written := c.starts[k.name]
		if !written {
			at = place{src: newFileText(c.File, nil)}
		}
		found.warn(at, "%s was changed: attache goes by it once it is started again", k.name)
	}
	return found.warnings()
}
