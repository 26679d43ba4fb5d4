package calendar_test

import (
	"testing"

	"attache/internal/calendar"
	"attache/internal/store"
)

// TestNameOf looks for the one name of a channel, by the names under which it was reached.
func TestNameOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reached []string          // in their order, each with the id C0NEWS
		want    map[string]string // by how it is spelled
	}{
		"never":                        {nil, map[string]string{"#news": "#news", "news": "#news", " news ": "#news", "C0NEWS": "C0NEWS", "console": "console", "": ""}},
		"by its name":                  {[]string{"#news"}, map[string]string{"C0NEWS": "#news", "news": "#news", "#other": "#other"}},
		"by an older attache, bare":    {[]string{"news"}, map[string]string{"#news": "news", "C0NEWS": "news", "news": "news"}},
		"by its id, then by its name":  {[]string{"C0NEWS", "#news"}, map[string]string{"C0NEWS": "C0NEWS", "#news": "C0NEWS"}},
		"by a name, then by a new one": {[]string{"#news", "#desk"}, map[string]string{"#desk": "#news", "#news": "#news", "C0NEWS": "#news"}},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Temporary("test")
			if err != nil {
				t.Fatal(err)
			}
			named := func(spelled string) (got string) {
				err := db.Update(func(tx *store.Tx) (err error) {
					got, err = calendar.NameOf(tx, spelled)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				return got
			}
			for _, r := range c.reached {
				if err := db.SetChannelID(r, "C0NEWS"); err != nil {
					t.Fatal(err)
				}
				named(r) // as a reading does
			}
			for spelled, want := range c.want {
				if got := named(spelled); got != want {
					t.Errorf("%q is %q, want %q", spelled, got, want)
				}
			}
		})
	}
}
