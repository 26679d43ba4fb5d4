package store

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

// FuzzRecord reads whatever lies in a record: what is not ours is told, and never
// more than that.
func FuzzRecord(f *testing.F) {
	for _, content := range []string{"", "{}", `{"event":{"id":"x","when":[{"says":"tbd"}]},"number":1,"at":"2026-02-16T09:00:00Z"}`} {
		f.Add(seal(outboxBucket, []byte("key"), []byte(content)), []byte(content))
	}
	f.Add([]byte{recordVersion, 0, 0, 0, 0}, []byte("null"))
	f.Fuzz(func(t *testing.T, record, content []byte) {
		key := []byte("key")
		if got, err := unseal(outboxBucket, key, record); err == nil && !bytes.Equal(seal(outboxBucket, key, got), record) {
			t.Errorf("%x is taken for the record of %q", record, got)
		}
		sealed := seal(outboxBucket, key, content)
		if got, err := unseal(outboxBucket, key, sealed); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%q comes back as %q, %v", content, got, err)
		}
		if _, err := unseal(dueBucket, key, sealed); err == nil {
			t.Error("a record is taken in another bucket")
		}
		var r storedRevision
		if json.Unmarshal(content, &r) == nil {
			r.revision()
		}
		var i storedItem
		if json.Unmarshal(content, &i) == nil {
			entriesOf(i.item("key"))
		}
	})
}

// FuzzPages lays some bytes over a sound file. Looking it over ends, and says either
// that it is sound or what is wrong.
func FuzzPages(f *testing.F) {
	path := filepath.Join(f.TempDir(), "pages.db")
	e, err := openBolt(path, writing, time.Second)
	if err != nil {
		f.Fatal(err)
	}
	err = e.Update(func(w *Raw) error {
		for i := range 300 {
			key := []byte{byte(i >> 8), byte(i)}
			if err := w.Put("bucket", key, bytes.Repeat(key, 40)); err != nil {
				return err
			}
		}
		return w.Put("small", []byte("key"), []byte("value"))
	})
	if err != nil {
		f.Fatal(err)
	}
	if err := e.Close(); err != nil {
		f.Fatal(err)
	}
	image, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	const page = 4096
	used := len(bytes.TrimRight(image, "\x00"))
	image = image[:(used+page-1)/page*page] // the rest of the file is not used yet
	f.Add(uint(0), []byte{0})
	f.Add(uint(4096+10), []byte{0xff, 0xff, 0xff, 0xff})
	f.Add(uint(3*4096+16), bytes.Repeat([]byte{0xff}, 64))
	f.Fuzz(func(t *testing.T, at uint, over []byte) {
		b := bytes.Clone(image)
		copy(b[at%uint(len(b)):], over)
		_ = checkPages(bytes.NewReader(b), int64(len(b)))
	})
}

// FuzzEntry reads whatever lies in a log: what is not ours is told, and what is ours is
// written as it was.
func FuzzEntry(f *testing.F) {
	pack, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		f.Fatal(err)
	}
	whole := entry{
		Epoch: 7, Seq: 9, Schema: schema, Prev: link{1, 2}, Sums: map[string]bucketSum{eventBucket: {Records: 1, Sum: 5}},
		changes: map[string]map[string][]byte{eventBucket: {"talks": []byte("{}"), "visit": nil, "x": {}}},
	}
	b, err := whole.encode(pack)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(b[:entryHead])
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) >= entryHead { // else nothing would come past the checksum
			b[0] = entryVersion
			binary.BigEndian.PutUint32(b[1:], crc32.Checksum(b[5:], castagnoli))
		}
		e, err := decodeEntry(b)
		if err != nil {
			return
		}
		again, err := e.encode(pack)
		if err != nil {
			t.Fatal(err)
		}
		back, err := decodeEntry(again)
		if err != nil || !reflect.DeepEqual(e, back) {
			t.Errorf("%+v comes back as %+v, %v", e, back, err)
		}
	})
}
