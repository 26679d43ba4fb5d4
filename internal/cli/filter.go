package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"attache/internal/agenda"
	"attache/internal/event"
)

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

// oneOf reads the values of a flag that takes words of a vocabulary. A word of two may be
// written with a hyphen or an underscore between them.
func oneOf[W ~string](flag string, values []string, all []W) ([]W, error) {
	var out []W
	for _, v := range values {
		w := W(strings.NewReplacer("-", " ", "_", " ").Replace(strings.ToLower(strings.TrimSpace(v))))
		if err := known(flag, w, all); err != nil {
			return nil, usageError{err}
		}
		out = append(out, w)
	}
	return out, nil
}

func names[W ~string](all []W) []string {
	out := make([]string, len(all))
	for i, w := range all {
		out[i] = string(w)
	}
	return out
}
