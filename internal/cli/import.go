package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"attache/internal/civil"
	"attache/internal/config"
	"attache/internal/event"
	"attache/internal/fetch"
	"attache/internal/prose"
	"attache/internal/source/ical"
)

// importing is what attache import was told.
type importing struct {
	from      string
	to        string
	source    string
	zone      string
	kind      string
	certainty string
	topics    []string
	trusted   bool
	local     bool
	change    changeFlags
}

func (a *app) importCommand() *cobra.Command {
	var o importing
	c := &cobra.Command{
		Use:   "import FILE|URL|-",
		Short: "Turn a calendar of others into a file of events",
		Long: `Read an iCalendar file or feed and print its events as a file of yours, or write that
file with --to; a file of events that is there gets those added that no file has. What cannot be read is named with its line and left out, and the exit
status is 1. What is passed over, since attache has no place for it, is named once. To follow a calendar that goes on changing, see attache help follow.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{errors.New("import takes one file, one address, or - for standard input")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.from = args[0]
			return a.runImport(cmd.Context(), o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.to, "to", "", "write this `FILE` instead of printing, or add to it")
	f.StringVar(&o.source, "source", "", "`KEY` of the source that the events name (default: from the name of the file or the host)")
	f.StringVar(&o.zone, "timezone", "", "`ZONE` of times that name none, such as Europe/Brussels")
	f.StringVar(&o.kind, "kind", "", "`KIND` of the events (default: deadline for tasks, other for events)")
	f.StringVar(&o.certainty, "certainty", "", "`CERTAINTY` of the events, whatever the calendar says")
	f.StringArrayVar(&o.topics, "topic", nil, "add this `TOPIC` to the events; may be repeated")
	f.BoolVar(&o.trusted, "trusted", false, "believe its CONFIRMED, which otherwise means likely")
	f.BoolVar(&o.local, "local", false, "allow http, and addresses of this machine and its network")
	o.change.addWriting(c)
	return c
}

func (a *app) runImport(ctx context.Context, o importing) error {
	how, err := o.how()
	if err != nil {
		return usageError{err}
	}
	data, err := a.foreign(ctx, o.from, fetch.Client{Local: o.local}, maxForeign)
	if err != nil {
		return err
	}
	got, found, err := ical.Parse(data, how)
	if err != nil {
		return fmt.Errorf("%s: %w", calendarName(o.from), err)
	}
	if got.Floating > 0 && how.Zone == "" && a.Ask && o.from != "-" {
		if how.Zone, err = a.askZone(got.Floating); err != nil {
			return err
		}
		got, found, _ = ical.Parse(data, how) // it could be read before
	}
	told := append(slices.Clone(ical.Findings(found)), got.Notes...)
	told.Sort()
	for _, f := range told {
		fmt.Fprintf(a.Stderr, "%s:%s\n", calendarName(o.from), strings.TrimPrefix(f.String(), "line "))
	}
	if err := a.writeImport(ctx, o, how, got); err != nil {
		return err
	}
	return findings(len(found) > 0, nil)
}

// how reads the flags.
func (o importing) how() (ical.Options, error) {
	how := ical.Options{Source: o.source, Zone: o.zone, Kind: event.Kind(o.kind), Certainty: event.Certainty(o.certainty), Topics: o.topics, Trusted: o.trusted}
	if how.Source == "" {
		how.Source = sourceKey(o.from)
	}
	if err := event.CheckID(how.Source); err != nil {
		return how, fmt.Errorf("--source: %w", err)
	}
	if o.zone != "" {
		zone, err := civil.Zone(o.zone)
		if err != nil {
			return how, fmt.Errorf("--timezone: %w", err)
		}
		how.Zone = zone.String()
	}
	return how, errors.Join(known("kind", how.Kind, event.Kinds()), known("certainty", how.Certainty, event.Certainties()))
}

// sourceKey makes a key of the name of the file or of the host.
func sourceKey(from string) string {
	name := strings.TrimSuffix(filepath.Base(from), filepath.Ext(from))
	if isAddress(from) {
		_, rest, _ := strings.Cut(from, "://")
		name, _, _ = strings.Cut(rest, "/")
		name = strings.TrimPrefix(name, "www.")
	}
	key := ical.Slug(name)
	if event.CheckID(key) != nil {
		return "imported"
	}
	return key
}

func isAddress(s string) bool { return strings.Contains(s, "://") }

// calendarName returns the file, or of an address only where it leads: the rest may be secret.
func calendarName(from string) string {
	if !isAddress(from) {
		return from
	}
	scheme, rest, _ := strings.Cut(from, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host[strings.LastIndex(host, "@")+1:]
}

// maxForeign is how large a calendar may be, in octets.
const maxForeign = 16 << 20

// foreign reads a text of at most limit octets from a file, an address, or standard input.
func (a *app) foreign(ctx context.Context, from string, client fetch.Client, limit int) ([]byte, error) {
	if isAddress(from) {
		client.Agent = "attache/" + a.Version
		got, err := client.Get(ctx, from, fetch.Validators{})
		return got.Body, err
	}
	in := a.Stdin
	if from != "-" {
		f, err := os.Open(from)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", from, bare(err))
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, int64(limit)+1))
	if err == nil && len(data) > limit {
		err = fmt.Errorf("it is larger than %d MiB", limit>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, bare(err))
	}
	return data, nil
}

// bare takes the name of the file off an error that is told with it.
func bare(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// askZone asks the person at the terminal in which zone times are meant that name none.
func (a *app) askZone(n int) (string, error) {
	in := bufio.NewScanner(a.Stdin)
	for {
		fmt.Fprintf(a.Stderr, "%d times name no zone. In which zone are they meant, such as Europe/Brussels? (Enter leaves these events out) ", n)
		if !in.Scan() {
			return "", in.Err()
		}
		zone := strings.TrimSpace(in.Text())
		if zone == "" {
			return "", nil
		}
		loc, err := civil.Zone(zone)
		if err != nil {
			fmt.Fprintln(a.Stderr, err)
			continue
		}
		return loc.String(), nil
	}
}

// writeEvents writes the events as a file of ours.
func writeEvents(w io.Writer, how ical.Options, got ical.Calendar) error {
	source := event.Source{Key: how.Source, Title: cmp.Or(got.Title, how.Source)}
	return config.Write(w, config.Calendar{Sources: []event.Source{source}, Events: got.Events})
}

// writeImport prints the events, or writes them to a file: a new one has them all, and one that is
// there gets those that no file has.
func (a *app) writeImport(ctx context.Context, o importing, how ical.Options, got ical.Calendar) error {
	c, err := a.load()
	if err != nil || o.to == "" || !slices.ContainsFunc(c.Files, func(f string) bool { return filepath.Clean(f) == filepath.Clean(o.to) }) {
		c = nil
	}
	all := len(got.Events)
	if c != nil {
		got.Events = slices.DeleteFunc(got.Events, func(e event.Event) bool { _, there := c.Calendar.Event(e.ID); return there })
		if there := all - len(got.Events); there > 0 {
			fmt.Fprintf(a.Stderr, "%d of %s are there already and stay as they are\n", there, prose.Count(all, "event"))
		}
		if len(got.Events) == 0 {
			return nil
		}
	}
	var b bytes.Buffer
	if err := writeEvents(&b, how, got); err != nil {
		return err
	}
	switch {
	case o.to == "" || c == nil && o.change.dry:
		_, err := a.out.Write(b.Bytes())
		return err
	case c == nil:
		return a.writeNew(o.to, b.Bytes(), fmt.Sprintf("%d events", len(got.Events)))
	}
	for _, f := range c.Files {
		if filepath.Clean(f) == filepath.Clean(o.to) {
			o.to = f
		}
	}
	after, err := c.AddedFrom(o.to, config.Document{Name: calendarName(o.from), Data: b.Bytes()})
	if err != nil {
		return err
	}
	return a.write(ctx, o.change, after, nil)
}

// writeNew writes a file that is not there yet, and says what.
func (a *app) writeNew(name string, data []byte, what string) error {
	err := config.Save(config.Draft{File: name, New: data})
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and is left alone: name a new file with --to", name)
	}
	if err == nil {
		fmt.Fprintf(a.Stderr, "wrote %s to %s\n", what, name)
	}
	return err
}
