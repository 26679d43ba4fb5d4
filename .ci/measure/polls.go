package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// answer is what a bare handler writes: the head and the octets that the daemon answered with.
type answer struct {
	Status int
	Head   http.Header
	Body   []byte
}

// serveBare writes the answer that stands in file to everybody. It puts its address into the
// file called ready.
func serveBare(file, ready string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := os.WriteFile(ready+".new", []byte(l.Addr().String()), 0o644); err != nil {
		return err
	}
	if err := os.Rename(ready+".new", ready); err != nil {
		return err
	}
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range a.Head {
			w.Header()[name] = values
		}
		w.WriteHeader(a.Status)
		_, _ = w.Write(a.Body) // a client that went away
	}))
}

// polls measures polls of the feed as a share of those that a bare handler with the same octets
// answers in the same time.
func (b bench) polls(d *daemon, folder, name string) error {
	_, head, err := head(d.base+"/feeds/all.ics", http.Header{"Accept-Encoding": {"identity"}})
	if err != nil {
		return err
	}
	for _, c := range []struct {
		name string
		ask  http.Header
	}{
		{"plain", http.Header{"Accept-Encoding": {"identity"}}},
		{"gzip", http.Header{"Accept-Encoding": {"gzip"}}},
		{"304", http.Header{"Accept-Encoding": {"identity"}, "If-None-Match": {head.Get("Etag")}}},
	} {
		share, err := beside(d.base, folder, c.ask)
		if err != nil {
			return err
		}
		b.add(name+"polls/s, "+c.name+", of a bare handler's", share, "×", .95, true)
	}
	return nil
}

// beside returns how many polls base answers for each that a bare handler answers: the middle of
// eleven rounds in which both had their turn.
func beside(base, folder string, ask http.Header) (float64, error) {
	asked := request(strings.TrimPrefix(base, "http://"), ask)
	got, err := once(strings.TrimPrefix(base, "http://"), asked)
	if err != nil {
		return 0, err
	}
	text, err := json.Marshal(got)
	if err != nil {
		return 0, err
	}
	file, ready := filepath.Join(folder, "answer"), filepath.Join(folder, "ready")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return 0, err
	}
	defer os.Remove(ready)
	bare := exec.Command(os.Args[0], "bare", file, ready)
	if err := bare.Start(); err != nil {
		return 0, err
	}
	defer func() { _ = bare.Process.Kill(); _ = bare.Wait() }()
	var address []byte
	for range 1000 {
		if address, err = os.ReadFile(ready); err == nil {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if err != nil {
		return 0, err
	}
	var shares []float64
	for range 11 {
		mine, err := rate(strings.TrimPrefix(base, "http://"), asked)
		if err != nil {
			return 0, err
		}
		other, err := rate(string(address), asked)
		if err != nil {
			return 0, err
		}
		shares = append(shares, mine/other)
	}
	return middle(shares), nil
}

// request returns the octets of a poll.
func request(host string, ask http.Header) []byte {
	var w strings.Builder
	fmt.Fprintf(&w, "GET /feeds/all.ics HTTP/1.1\r\nHost: %s\r\nUser-Agent: measure\r\n", host)
	_ = ask.Write(&w) // a Builder takes everything
	w.WriteString("\r\n")
	return []byte(w.String())
}

// once returns one answer.
func once(address string, asked []byte) (answer, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return answer{}, err
	}
	defer c.Close()
	if _, err := c.Write(asked); err != nil {
		return answer{}, err
	}
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return answer{}, err
	}
	body, err := io.ReadAll(res.Body)
	res.Header.Del("Date") // each server writes its own
	return answer{res.StatusCode, res.Header, body}, err
}

// rate returns how many polls a second one connection gets answered, over 300 ms.
func rate(address string, asked []byte) (float64, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	r := bufio.NewReaderSize(c, 256<<10)
	begun, n := time.Now(), 0
	for time.Since(begun) < 300*time.Millisecond {
		if _, err := c.Write(asked); err != nil {
			return 0, err
		}
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			return 0, err
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			return 0, err
		}
		n++
	}
	if n == 0 {
		return 0, errors.New("no poll was answered")
	}
	return float64(n) / time.Since(begun).Seconds(), nil
}

// middle returns the median.
func middle(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}
