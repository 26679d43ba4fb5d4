package cli

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"

	shipped "attache/config"
	"attache/internal/web"
)

// exampleBanner says that the calendar is the example that comes with attache, if the files
// of events among those that were read are just its own.
func exampleBanner(files []string) web.Banner {
	names, err := fs.Glob(shipped.FS, "events/*.yaml")
	if err != nil || len(files) != len(names)+1 { // with attache.yaml
		return web.Banner{}
	}
	for _, file := range files[1:] {
		want, err := fs.ReadFile(shipped.FS, "events/"+filepath.Base(file))
		if err != nil {
			return web.Banner{}
		}
		if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
			return web.Banner{}
		}
	}
	return web.Banner{
		Text: "This is the example that comes with attache. Its dates are those of one report of 26 October 2025, and nothing since then is entered.",
		At:   "2025-10-26",
	}
}
