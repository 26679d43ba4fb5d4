package dispatch

import (
	"context"
	"fmt"
	"testing"
	"time"

	"attache/internal/notice"
)

// BenchmarkTenThousandItems sends 10,000 items that are due at once through a
// sink that answers at once.
func BenchmarkTenThousandItems(b *testing.B) {
	b.Run("digests", func(b *testing.B) {
		for b.Loop() {
			drain(b)
		}
	})
	b.Run("singly", func(b *testing.B) {
		for b.Loop() {
			drain(b, tried)
		}
	})
}

func drain(b *testing.B, opts ...func(*notice.Item)) {
	outbox := newMemory()
	outbox.put(many(10_000, "console", time.Minute, opts...)...)
	d := New(Config{
		Outbox: outbox,
		Sink:   func() func(string) Sink { s := &silent{}; return func(string) Sink { return s } }(),
		Write: func(it notice.Item, _ time.Time) (notice.Message, error) {
			return notice.Message{Headline: it.Key}, nil
		},
		CatchUp: func() time.Duration { return 24 * time.Hour },
		Pace:    func(string) time.Duration { return 0 },
	})
	if err := d.Recover(b.Context()); err != nil {
		b.Fatal(err)
	}
	d.Scan(b.Context(), time.Now())
	if err := d.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	if n := d.Status().Channels[0].Counts[notice.Pending]; n != 0 {
		b.Fatalf("%d not sent", n)
	}
	if err := d.Stop(context.Background()); err != nil {
		b.Fatal(err)
	}
	for _, it := range outbox.items {
		if it.State != notice.Sent {
			b.Fatalf("%s is %s", it.Key, it.State)
		}
	}
}

// silent takes everything and keeps nothing.
type silent struct{ n int }

func (s *silent) Post(_ context.Context, p notice.Post) (notice.Receipt, error) {
	s.n++
	return notice.Receipt{Key: p.Key, ChannelID: "C1", TS: fmt.Sprint(s.n)}, nil
}

func (*silent) Find(context.Context, notice.Search) ([]notice.Receipt, error) { return nil, nil }

func (*silent) Delete(context.Context, string, string) error { return nil }
