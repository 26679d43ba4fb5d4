package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
)

// flags are those that several commands have.
type flags struct {
	config string
	data   string // the folder of the database
	now    string
	json   bool
}

func (a *app) dataFlag(c *cobra.Command) {
	c.Flags().StringVar(&a.flags.data, "data", "", "use the database in this `FOLDER`, whatever the configuration says")
}

func (a *app) nowFlag(c *cobra.Command) {
	c.Flags().StringVar(&a.flags.now, "now", "", "as it is at this `TIME`: 2025-10-26 or 2025-10-26T14:00:00Z")
}

// What --json prints.
const (
	oneDocument = "print one JSON document"
	oneALine    = "print one JSON object a line"
)

func (a *app) jsonFlag(c *cobra.Command, usage string) {
	c.Flags().BoolVar(&a.flags.json, "json", false, usage)
}

// The numbers of arguments that commands take.
var (
	noArgs       = usage(cobra.NoArgs)
	oneArg       = usage(cobra.ExactArgs(1))
	atMostOneArg = usage(cobra.MaximumNArgs(1))
)

// usage makes what check refuses an error of usage.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}

// filterFlags choose events, the same in every command.
type filterFlags struct {
	topics, parties, kinds, statuses, certain []string
}

func (f *filterFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringSliceVar(&f.topics, "topic", nil, "only events of this `TOPIC`")
	flags.StringSliceVar(&f.parties, "party", nil, "only events with this `PARTY`")
	flags.StringSliceVar(&f.kinds, "kind", nil, "only events of this `KIND`")
	flags.StringSliceVar(&f.statuses, "status", nil, "only events with this `STATUS`")
	flags.StringSliceVar(&f.certain, "certainty", nil, "only events of this `CERTAINTY`")
}

// filter returns what the flags choose. Topics and parties are people's own words; the
// error names the words that there are of the others.
func (f *filterFlags) filter() (keep agenda.Filter, err error) {
	keep.Topics, keep.Parties = f.topics, f.parties
	if keep.Kinds, err = oneOf("kind", f.kinds, event.Kinds()); err != nil {
		return keep, err
	}
	if keep.Statuses, err = oneOf("status", f.statuses, event.Statuses()); err != nil {
		return keep, err
	}
	keep.Certainties, err = oneOf("certainty", f.certain, event.Certainties())
	return keep, err
}

// oneOf reads the values of a flag that takes words of a vocabulary.
func oneOf[W ~string](flag string, values []string, all []W) ([]W, error) {
	var out []W
	for _, v := range values {
		w, ok := event.Word(v, all)
		if !ok && w != "" {
			return nil, usageError{known(flag, W(v), all)}
		}
		out = append(out, w)
	}
	return out, nil
}

// known refuses a word that is none of a vocabulary; none at all is fine.
func known[W ~string](flag string, word W, all []W) error {
	if word == "" || slices.Contains(all, word) {
		return nil
	}
	words := make([]string, len(all))
	for i, w := range all {
		words[i] = string(w)
	}
	return fmt.Errorf("--%s: %q is none of %s", flag, word, strings.Join(words, ", "))
}

// instant reads the value of a --now, --from or --to: an instant, or a date,
// which is its beginning in the zone of the configuration. Empty is now.
func (a *app) instant(s string) (time.Time, error) {
	if s == "" {
		return a.Now(), nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	loc, err := a.zone()
	if err != nil {
		return time.Time{}, err
	}
	d, err := civil.ParseDate(s)
	if err != nil {
		return time.Time{}, usageError{fmt.Errorf("%q is not a time: write it as 2025-10-26 or 2025-10-26T14:00:00Z", s)}
	}
	return d.Start(loc), nil
}

// between reads --from and --to, which ends at the end of the day where it is a date. What
// is empty is the zero time.
func (a *app) between(from, to string) (start, end time.Time, err error) {
	if from != "" {
		if start, err = a.instant(from); err != nil {
			return start, end, err
		}
	}
	if to == "" {
		return start, end, nil
	}
	if end, err = a.instant(to); err != nil {
		return start, end, err
	}
	d, notDay := civil.ParseDate(to)
	if notDay == nil {
		end = d.AddDays(1).Start(end.Location())
	}
	if end.Before(start) || notDay == nil && end.Equal(start) {
		return start, end, backwards(from, to)
	}
	return start, end, nil
}

// backwards is the error of a period that ends before it begins.
func backwards(from, to string) error {
	return usageError{fmt.Errorf("--to %s lies before --from %s", to, from)}
}

// zone returns the zone of the configuration.
func (a *app) zone() (*time.Location, error) {
	c, err := a.settings()
	if err != nil {
		return nil, err
	}
	return civil.Zone(c.Timezone)
}
