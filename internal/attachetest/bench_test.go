package attachetest

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// manyEvents returns files of n events, 5,000 in each.
func manyEvents(tb testing.TB, n int) map[string]string {
	out := map[string]string{"attache.yaml": Settings(tb, nil)}
	for from := 0; from < n; from += 5000 {
		var b strings.Builder
		b.WriteString("events:\n")
		for i := from; i < min(n, from+5000); i++ {
			fmt.Fprintf(&b, "  - {id: event-%dx, title: Event number %d, kind: meeting, when: 2099-%02d-%02d, place: Brussels, topics: [t%d]}\n",
				i, i, 1+i%12, 1+i%28, i%50)
		}
		out[fmt.Sprintf("events/%06d.yaml", from)] = b.String()
	}
	return out
}

// firstAnswer waits until url answers well.
func firstAnswer(url string) {
	for {
		res, err := http.DefaultTransport.RoundTrip(must(http.NewRequest(http.MethodGet, url, nil)))
		if err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(time.Millisecond)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// BenchmarkStart starts again on a database that there is, and measures how long it
// takes until the feed is answered as it was kept, and until everything is; and how
// much of the heap is in use then. A server without a database stands beside it.
func BenchmarkStart(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("events=%d", n), func(b *testing.B) {
			l := must(net.Listen("tcp", "127.0.0.1:0"))
			a := New(b, manyEvents(b, n), func(a *Attache) { a.listen = l.Addr().String() })
			_ = l.Close()
			if err := a.Run(); err != nil {
				b.Fatal(err)
			}
			feed := "http://" + a.listen + "/feeds/all.ics"
			var first, all time.Duration
			var heap uint64
			for b.Loop() {
				a.Stop()
				began, answered := time.Now(), make(chan time.Duration)
				go func() { firstAnswer(feed); answered <- time.Since(began) }()
				if err := a.Run(); err != nil {
					b.Fatal(err)
				}
				all += time.Since(began)
				first += <-answered
				b.StopTimer()
				heap = max(heap, inUse())
				b.StartTimer()
			}
			b.ReportMetric(float64(first.Milliseconds())/float64(b.N), "ms-first-feed")
			b.ReportMetric(float64(all.Milliseconds())/float64(b.N), "ms-all")
			b.ReportMetric(float64(heap>>20), "MiB-heap")
		})
	}
	b.Run("no database", func(b *testing.B) {
		for b.Loop() {
			l := must(net.Listen("tcp", "127.0.0.1:0"))
			s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("feed")) })}
			go func() { _ = s.Serve(l) }()
			firstAnswer("http://" + l.Addr().String())
			_ = s.Close()
		}
	})
}

// inUse returns how many octets of the heap are in use once the rubbish is gone.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
