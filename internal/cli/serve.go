package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/daemon"
	"attache/internal/web"
)

// drain is how long a stop may take.
const drain = 4 * time.Second

func (a *app) serve() *cobra.Command {
	var o daemon.Options
	var log string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run the daemon: feeds, pages and messages",
		Long: `Run the daemon until you stop it. It reads the configuration and the event files, and
reads them again when they change or on SIGHUP. Without a Slack token, messages are shown
here as Slack would carry them.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.runServe(cmd.Context(), o, daemon.MemberOptions{}, log)
		},
	}
	serveFlags(c, &o, &log)
	c.Flags().BoolVar(&o.TakeOver, "take-over", false, "go on with a database that was made for another configuration")
	c.Flags().BoolVar(&o.Fresh, "fresh", false, "start with an empty database, although the old one is gone")
	return c
}

// serveFlags gives c the flags of what serves.
func serveFlags(c *cobra.Command, o *daemon.Options, log *string) {
	c.Flags().StringVar(&o.Listen, "listen", "", "serve on this `ADDRESS`, host:port or unix:/path, whatever the configuration says")
	c.Flags().StringVar(&o.Data, "data", "", "keep the database in this `FOLDER`, whatever the configuration says")
	c.Flags().StringVar(log, "log", logAuto, "`FORM` of the log: text, json, journal, or auto, which is text on a terminal")
}

// servingGC is how much garbage a daemon lets pile up, in hundredths of what it uses: less than
// is usual, since it mostly waits, and shares its machine with others.
const servingGC = 50

// errRefused says that the configuration is wrong, which has been told.
var errRefused = errors.New("the configuration is wrong")

func (a *app) runServe(ctx context.Context, o daemon.Options, m daemon.MemberOptions, form string) error {
	if err := a.asServed(&o, form); err != nil {
		return err
	}
	syscall.Umask(0o077) // what it makes holds what is not for everybody
	if a.Getenv("GOGC") == "" {
		debug.SetGCPercent(servingGC)
	}

	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer signal.Stop(signals)
	var err error
	switch o.Loaded, err = config.Load(o.ConfigPath); {
	case err != nil:
		return a.notStarted(err, form)
	case o.Loaded.Cluster != nil:
		return a.runMember(ctx, o, m, signals)
	case m.StandsBy:
		return fmt.Errorf("%s has no cluster: add one, see attache help operate", o.ConfigPath)
	}
	d, err := daemon.New(o)
	if err != nil {
		return a.notStarted(err, form)
	}
	a.greet(d)
	if err := d.Start(ctx); err != nil {
		return err
	}
	a.obey(ctx, d, signals)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	go func() { // a second signal means now
		for s := range signals {
			if s != syscall.SIGHUP {
				os.Exit(exitFindings)
			}
		}
	}()
	return d.Stop(ctx)
}

// notStarted tells why nothing was started, as those may read it who read a log in a form.
func (a *app) notStarted(err error, form string) error {
	var wrong config.Errors
	if !errors.As(err, &wrong) || a.logForm(form) == logText {
		return err
	}
	for _, e := range config.Published(err) { // a log is read by others than the author, who sees the lines
		fmt.Fprintln(a.Stderr, e)
	}
	return errRefused
}

// asServed completes the options of a daemon that serves until it is stopped and logs in a form.
func (a *app) asServed(o *daemon.Options, form string) (err error) {
	if o.Log, err = a.newLog(form); err != nil {
		return err
	}
	if o.Listen != "" {
		if o.Listen, err = config.ParseListen(o.Listen); err != nil {
			return usageError{fmt.Errorf("--%w", err)}
		}
	}
	if o.ConfigPath, err = a.path(); err != nil {
		return err
	}
	a.equip(o)
	o.Notify, o.Banner = resting(daemon.Notify), exampleBanner
	o.Listener, err = daemon.Activated()
	return err
}

// rest is how long after a reading of the files memory is given back.
const rest = 2 * time.Second

// resting returns notify, and gives memory back to the system once the files were read, at a start
// and after an edit: that uses several times what is needed until the next one.
func resting(notify func(state string)) func(state string) {
	back := time.AfterFunc(rest, debug.FreeOSMemory)
	return func(state string) {
		if state == "READY=1" {
			back.Reset(rest)
		}
		notify(state)
	}
}

// equip gives a daemon what it has of this program and its surroundings.
func (a *app) equip(o *daemon.Options) {
	if o.Now == nil {
		o.Now = a.Now
	}
	o.Env, o.Version, o.Out, o.Color, o.Chat = a.Getenv, a.Version, a.Stdout, a.Color, Chat
	for _, t := range topics() {
		o.Help = append(o.Help, web.Topic{Name: t.name, Title: t.title, Text: t.text})
	}
}

// obey waits for the signal to stop, and reloads on the way.
func (a *app) obey(ctx context.Context, d *daemon.Daemon, signals <-chan os.Signal) {
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-signals:
			if s != syscall.SIGHUP {
				return
			}
			d.ReloadLater()
		}
	}
}

// greet says where everything is.
func (a *app) greet(d *daemon.Daemon) {
	h := d.Health()
	fmt.Fprintf(a.Stdout, "attache is running at %s\n", h.Address)
	if strings.HasPrefix(h.Address, "http") {
		fmt.Fprintf(a.Stdout, "  page   %s/\n", h.Address)
	}
	feeds := d.Feeds()
	if i := slices.IndexFunc(feeds, func(f control.FeedView) bool { return !f.Private }); i >= 0 {
		fmt.Fprintf(a.Stdout, "  feed   %s\n", feeds[i].Address)
	}
	fmt.Fprintf(a.Stdout, "  events %d\n", h.Events)
	if link := d.OwnerLink(a.Screen); link != "" {
		fmt.Fprintf(a.Stdout, "  page with everything: %s\n", link)
	}
	if a.Getenv("NOTIFY_SOCKET") == "" { // a service is not stopped from a keyboard
		fmt.Fprint(a.Stdout, "  stop   Ctrl-C\n\n")
	}
}
