package cli

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	shipped "attache/config"
	"attache/internal/calendar"
	"attache/internal/config"
	"attache/internal/daemon"
	"attache/internal/web"
)

// The days of the demo: the report that the example rests on is of the first one.
var (
	demoStart = time.Date(2025, time.October, 26, 12, 0, 0, 0, time.UTC)
	demoEnd   = time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
)

func (a *app) demo() *cobra.Command {
	var listen string
	var pace time.Duration
	c := &cobra.Command{
		Use:   "demo",
		Short: "Play four months of an example calendar in four minutes",
		Long: `Play the calendar that comes with attache, from 26 October 2025 to the end of February 2026:
the daemon with its page, under a clock on which a day takes two seconds, and each message
here as Slack would carry it. On the way dates firm up, slip and lapse; what happens to
them is supposed for the demo, not known. Nothing is left behind, and nothing of yours is
touched.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if pace < 0 {
				return usageError{fmt.Errorf("--pace is a length of time such as 2s, not %s", pace)}
			}
			address, err := config.ParseListen(listen)
			if err != nil {
				return usageError{fmt.Errorf("--%w", err)}
			}
			return a.runDemo(cmd.Context(), address, pace)
		},
	}
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "serve the page on this `ADDRESS`, host:port or unix:/path")
	c.Flags().DurationVar(&pace, "pace", 2*time.Second, "let a day take so `LONG`; 0s is as fast as it can")
	return c
}

func (a *app) runDemo(ctx context.Context, listen string, pace time.Duration) (err error) {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	folder, err := os.MkdirTemp("", "attache-demo-")
	if err != nil {
		return err
	}
	defer func() {
		if gone := os.RemoveAll(folder); err == nil {
			err = gone
		}
	}()
	if err := os.CopyFS(folder, shipped.FS); err != nil {
		return fmt.Errorf("write the files of the demo: %w", err)
	}
	p := player{
		clock: newFastClock(demoStart, pace),
		o: daemon.Options{
			ConfigPath: filepath.Join(folder, "attache.yaml"), Edits: filepath.Join(folder, "demo.yaml"),
			Data: filepath.Join(folder, "data"), Listen: listen,
			Refresh: max(pace, time.Second),
			// Of a clock that runs so fast there are warnings, and nothing else to tell.
			Log: slog.New(slog.NewTextHandler(a.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		},
	}
	p.o.Now = p.clock.now
	p.o.Banner = func([]string) web.Banner { return web.Banner{Text: demoBanner} }
	a.equip(&p.o)
	p.o.Env = func(string) string { return "" } // no Slack of somebody's
	if err := p.start(ctx, a); err != nil {
		return err
	}
	fmt.Fprint(a.Stdout, demoNext)
	return nil
}

const demoBanner = "This is a demo. It begins on 26 October 2025 and a day takes a moment; what becomes of the dates is supposed, not known."

// demoNext says what to do after the demo.
const demoNext = `
That was the demo; it left nothing behind. What happened in it was supposed.

Next:
  attache init        make a folder for dates of your own
  attache serve       run it: page, feed, and messages here until you set up Slack
  attache help        how to write a date, set up Slack, subscribe
`

// player plays the demo: it moves the clock of a daemon from one thing that happens to the
// next, and waits there until that is done.
type player struct {
	clock *fastClock
	o     daemon.Options
	edits []calendar.Edit // those to come
	d     *daemon.Daemon
	week  func(day time.Time) // shows that another week begins
}

func (p *player) start(ctx context.Context, a *app) error {
	c, err := config.Load(p.o.ConfigPath)
	if err != nil {
		return err
	}
	if p.edits, err = c.Edits(p.o.Edits); err != nil {
		return err
	}
	if p.d, err = daemon.New(p.o); err != nil {
		return err
	}
	p.week = func(day time.Time) { fmt.Fprintf(a.Stdout, "   %s\n\n", day.Format("Mon 2 Jan 2006")) }
	fmt.Fprintf(a.Stdout, "attache plays its example from %s on, until Ctrl-C\n  page   %s/\n\n", demoStart.Format("Mon 2 Jan 2006"), p.d.Health().Address)
	if err := p.d.Start(ctx); err != nil {
		return err
	}
	err = p.play(ctx)
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if stopped := p.d.Stop(end); err == nil {
		err = stopped
	}
	return err
}

// demoStep is the longest way of the clock from one look of the daemon at it to the next:
// what it does each hour it does then.
const demoStep = 3 * time.Hour

func (p *player) play(ctx context.Context) error {
	if err := p.settle(ctx, demoStart); err != nil {
		return err
	}
	for now := demoStart; now.Before(demoEnd); {
		next := now.Truncate(demoStep).Add(demoStep)
		due, ok, err := p.d.NextDue()
		if err != nil {
			return err
		}
		if ok && due.After(now) && due.Before(next) {
			next = due
		}
		edited := len(p.edits) > 0 && !p.edits[0].At.After(next)
		if edited {
			next = p.edits[0].At
		}
		if !p.clock.run(ctx, next) {
			return nil
		}
		if next.Weekday() == time.Monday && next.Truncate(24*time.Hour).Equal(next) {
			p.week(next)
		}
		for now = next; len(p.edits) > 0 && !p.edits[0].At.After(now); {
			p.edits = p.edits[1:]
		}
		if edited {
			if err := p.d.Reload(ctx); err != nil {
				return err
			}
		}
		if err := p.settle(ctx, now); err != nil {
			return err
		}
	}
	return nil
}

// How long the daemon gets for what is due at one time: it looks and sends meanwhile.
const (
	demoGlance   = 5 * time.Millisecond
	demoPatience = 5 * time.Second
)

// settle waits until nothing is due any more at now.
func (p *player) settle(ctx context.Context, now time.Time) error {
	p.d.Wake()
	for began := time.Now(); time.Since(began) < demoPatience && ctx.Err() == nil; {
		time.Sleep(demoGlance)
		if busy, err := p.d.Busy(now); err != nil || !busy {
			return err
		}
	}
	return nil
}
