package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// answer is a whole answer but for a feed, in two encodings.
type answer struct {
	status      int
	mediaType   string
	plain, gzip []byte
	etag        string // of plain, with its quotes; that of gzip has a mark behind it
}

// The media types of answers.
const (
	htmlType = "text/html; charset=utf-8"
	jsonType = "application/json"
	atomType = "application/atom+xml; charset=utf-8"
)

func newAnswer(status int, mediaType string, body []byte) *answer {
	sum := sha256.Sum256(body)
	return &answer{status, mediaType, body, compressed(body), `"` + hex.EncodeToString(sum[:12]) + `"`}
}

// zippers are kept, since each takes most of a megabyte.
var zippers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func compressed(body []byte) []byte {
	var out bytes.Buffer
	z, _ := zippers.Get().(*gzip.Writer) // it holds nothing else
	defer zippers.Put(z)
	z.Reset(&out)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return out.Bytes()
}

// send writes it, or says that the client has it already.
func (a *answer) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-cache") // it speaks of now
	h.Set("Vary", "Accept-Encoding, Accept-Language")
	body, etag := a.plain, a.etag
	zipped := wantsGzip(r.Header["Accept-Encoding"])
	if zipped {
		body, etag = a.gzip, a.etag[:len(a.etag)-1]+`-gzip"`
	}
	if a.status == http.StatusOK {
		h.Set("ETag", etag)
		if unchanged(r.Header, etag, time.Time{}) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Type", a.mediaType)
	if zipped {
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that went away is no error of ours
	}
}
