package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"time"
)

//go:embed static
var staticFiles embed.FS

// asset is a file that every page may use.
type asset struct {
	body      []byte
	mediaType string
	version   string // the start of the hash of body
}

// assets returns the static files by their paths.
func assets() map[string]asset {
	files, err := staticFiles.ReadDir("static")
	if err != nil {
		panic(err) // it is part of the program
	}
	out := make(map[string]asset, len(files))
	for _, f := range files {
		body, err := staticFiles.ReadFile("static/" + f.Name())
		if err != nil {
			panic(err) // it is part of the program
		}
		sum := sha256.Sum256(body)
		out["/"+f.Name()] = asset{body: body, mediaType: mediaType(f.Name()), version: hex.EncodeToString(sum[:6])}
	}
	return out
}

// mediaType does not ask the system, whose tables differ.
func mediaType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return "application/octet-stream"
}

// serve answers with the file. Under the address that carries its hash it never
// changes; under any other it is asked for again each time.
func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("ETag", `"`+a.version+`"`)
	h.Set("Cache-Control", "no-cache")
	if r.URL.RawQuery == a.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Content-Type", a.mediaType)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.body))
}
