package web

import "testing"

// The one script stays small: every page is complete without it.
func TestStatic_ScriptIsSmall(t *testing.T) {
	if n := len(assets()["/app.js"].body); n > 8000 {
		t.Errorf("the script has %d octets", n)
	}
}
