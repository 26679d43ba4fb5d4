package store

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"
)

// entry is one update as it lies in the log: what it put and deleted, and what the buckets came
// to by it. Buckets that are functions of the others are not in it; see [derived].
type entry struct {
	Epoch  uint64 // of the term in which it was written
	Seq    uint64 // from 1, without gaps
	Schema int    // of its records
	Prev   link   // the entry before it
	Sums   map[string]bucketSum

	changes map[string]map[string][]byte // contents by bucket and key; nil deletes the key
}

// link names an entry by what is in it, and in all before it.
type link [16]byte

func (l link) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%x", l[:]), nil }

func (l *link) UnmarshalText(text []byte) error {
	var b []byte
	if _, err := fmt.Sscanf(string(text), "%x", &b); err != nil || len(b) != len(l) {
		return fmt.Errorf("%q names no entry", text)
	}
	copy(l[:], b)
	return nil
}

// linkOf returns what names an encoded entry.
func linkOf(encoded []byte) (l link) {
	sum := sha256.Sum256(encoded)
	copy(l[:], sum[:])
	return l
}

// An encoded entry begins with the version of its form and the checksum of all that follows:
// epoch, number, schema, link, and the compressed rest.
const (
	entryVersion = 1
	entryHead    = 1 + 4 + 8 + 8 + 4 + len(link{})
)

// maxEntry bounds what an entry may come to when it is unpacked, in bytes.
const maxEntry = 1 << 30

var errEntry = errors.New("it can't be read")

// encode returns e as it lies in the log, compressed with w.
func (e *entry) encode(w *flate.Writer) ([]byte, error) {
	head := make([]byte, 5, entryHead)
	head = binary.BigEndian.AppendUint64(head, e.Epoch)
	head = binary.BigEndian.AppendUint64(head, e.Seq)
	head = binary.BigEndian.AppendUint32(head, uint32(e.Schema))
	out := bytes.NewBuffer(append(head, e.Prev[:]...))
	body, err := e.body()
	if err != nil {
		return nil, err
	}
	w.Reset(out)
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	b := out.Bytes()
	b[0] = entryVersion
	binary.BigEndian.PutUint32(b[1:], crc32.Checksum(b[5:], castagnoli))
	return b, nil
}

// body returns what is compressed: the sums, then for each bucket its name, the number of
// changes, and each with its key and content, whose length is one more than it is, 0 for none.
func (e *entry) body() ([]byte, error) {
	sums, err := json.Marshal(e.Sums)
	if err != nil {
		return nil, err
	}
	b := appendText(nil, sums)
	for _, bucket := range slices.Sorted(maps.Keys(e.changes)) {
		b = appendText(b, []byte(bucket))
		b = binary.AppendUvarint(b, uint64(len(e.changes[bucket])))
		for _, key := range slices.Sorted(maps.Keys(e.changes[bucket])) {
			b = appendText(b, []byte(key))
			content := e.changes[bucket][key]
			if content == nil {
				b = binary.AppendUvarint(b, 0)
				continue
			}
			b = binary.AppendUvarint(b, uint64(len(content))+1)
			b = append(b, content...)
		}
	}
	return b, nil
}

func appendText(b, text []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// decodeEntry reads what encode returned.
func decodeEntry(b []byte) (*entry, error) {
	switch {
	case len(b) < entryHead:
		return nil, errShort
	case b[0] != entryVersion:
		return nil, errForm
	case binary.BigEndian.Uint32(b[1:]) != crc32.Checksum(b[5:], castagnoli):
		return nil, errChecksum
	}
	e := &entry{
		Epoch: binary.BigEndian.Uint64(b[5:]), Seq: binary.BigEndian.Uint64(b[13:]),
		Schema: int(binary.BigEndian.Uint32(b[21:])),
	}
	copy(e.Prev[:], b[25:])
	body, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b[entryHead:])), maxEntry+1))
	if err != nil || len(body) > maxEntry {
		return nil, errEntry
	}
	return e, e.read(body)
}

// read takes the body of an entry apart.
func (e *entry) read(body []byte) error {
	r := reader{rest: body}
	if json.Unmarshal(r.text(), &e.Sums) != nil {
		return errEntry
	}
	e.changes = make(map[string]map[string][]byte)
	for !r.bad && len(r.rest) > 0 {
		bucket := string(r.text())
		if !slices.Contains(buckets(), bucket) || e.changes[bucket] != nil {
			return errEntry
		}
		changes := make(map[string][]byte)
		e.changes[bucket] = changes
		for n := r.number(); n > 0 && !r.bad; n-- {
			key := string(r.text())
			if _, twice := changes[key]; twice || key == "" {
				return errEntry
			}
			changes[key] = nil
			if length := r.number(); length > 0 {
				changes[key] = r.take(length - 1)
			}
		}
	}
	if r.bad {
		return errEntry
	}
	return nil
}

// reader takes numbers and texts off the front of bytes. Once something is missing it is bad.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) number() uint64 {
	n, length := binary.Uvarint(r.rest)
	if length <= 0 {
		r.bad = true
		return 0
	}
	r.rest = r.rest[length:]
	return n
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return nil
	}
	out := r.rest[:n:n]
	r.rest = r.rest[n:]
	return out
}

func (r *reader) text() []byte { return r.take(r.number()) }
