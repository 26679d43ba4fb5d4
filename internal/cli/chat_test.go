package cli

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/story"
)

// twoEvents is a calendar of two events.
type twoEvents struct{ calendar.Reader }

func (twoEvents) List(_ context.Context, q calendar.Query) ([]story.View, error) {
	all := []story.View{
		{View: agenda.View{ID: "talks", Title: "The talks", Date: "Tue 3 Feb 2026", Certainty: "possible", Status: "open", Phase: "ahead", Topics: []string{"tariffs"}}},
		{View: agenda.View{ID: "visit", Title: "A visit", Date: "Wed 4 Mar 2026", Certainty: "likely", Status: "open", Phase: "ahead"}},
	}
	return slices.DeleteFunc(all, func(v story.View) bool { return len(q.Filter.Topics) > 0 && !slices.Equal(v.Topics, q.Filter.Topics) }), nil
}

func (twoEvents) Why(_ context.Context, id string) (agenda.WhyView, error) {
	if id != "talks" {
		return agenda.WhyView{}, calendar.ErrNoEvent
	}
	return agenda.WhyView{ID: id, Date: "Tue 3 Feb 2026"}, nil
}

func (twoEvents) Changes(context.Context, calendar.ChangeQuery) ([]change.View, error) {
	return nil, nil
}

func TestChat(t *testing.T) {
	now := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"":                       "Tue 3 Feb 2026    talks  The talks\nWed 4 Mar 2026    visit  A visit",
		"next":                   "Tue 3 Feb 2026    talks  The talks",
		"list":                   "Wed 4 Mar 2026    visit  A visit",
		"list --topic tariffs":   "Tue 3 Feb 2026    talks  The talks\n",
		"list —topic=tariffs":    "Tue 3 Feb 2026    talks  The talks\n",
		"list --topic “tariffs”": "Tue 3 Feb 2026    talks  The talks\n",
		"list --kind poem":       `--kind: "poem" is none of`,
		"list --data /etc":       "list takes no --data here",
		"list --now 2020-01-01":  "list takes no --now here",
		"show talks":             "talks: The talks",
		"show --config x talks":  "show takes no --config here",
		"show":                   "accepts 1 arg",
		"show gone":              "there is no such event",
		"why talks":              "talks: Tue 3 Feb 2026",
		"help":                   "next                what comes next",
		"lst":                    `"lst" is no command: did you mean list?`,
		"serve":                  `"serve" is no command`,
		"--help":                 `"--help" is no command`,
		"\x00 \" '":              "is no command",
	} {
		if got := Chat(t.Context(), twoEvents{}, now, text); !strings.Contains(got, want) {
			t.Errorf("/attache %s says\n%s\nwant\n%s", text, got, want)
		}
	}
}
