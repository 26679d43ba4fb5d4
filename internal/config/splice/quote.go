package splice

import (
	"encoding/json"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Quote returns YAML for one line that holds a text, within [] and {} too: as it is where
// every reader takes it for that text or for a date, else in quotes.
func Quote(text string) string {
	switch {
	case plain(text):
		return text
	case !strings.ContainsAny(text, `"\`) && printable(text):
		return `"` + text + `"`
	case printable(text):
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil {
		panic(err) // a string has a JSON form
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// printable reports whether a text can stand between quotes as it is.
func printable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' || r == '\ufeff'
	})
}

// others take these words of YAML 1.1 for true and false.
var truths = []string{"y", "n", "yes", "no", "on", "off", "true", "false"}

// plain reports whether a text needs no quotes.
func plain(text string) bool {
	if text == "" || !printable(text) || slices.Contains(truths, strings.ToLower(text)) {
		return false
	}
	alone, err := parsed(text)
	if err != nil || alone.kind != yaml.ScalarNode || alone.text != text || alone.tag != "!!str" && alone.tag != "!!timestamp" {
		return false
	}
	inside, err := parsed("[" + text + "]")
	return err == nil && len(inside.children) == 1 && inside.children[0].kind == yaml.ScalarNode && inside.children[0].text == text
}
