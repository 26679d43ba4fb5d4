package feed

import (
	"cmp"

	"attache/internal/event"
)

// colors has the colour of each kind, a CSS3 name as RFC 7986 §5.9 wants it.
var colors = map[event.Kind]string{
	event.Deadline:     "crimson",
	event.Meeting:      "steelblue",
	event.Summit:       "royalblue",
	event.Visit:        "seagreen",
	event.Talks:        "teal",
	event.Measure:      "darkorange",
	event.Announcement: "goldenrod",
	event.Holiday:      "slategray",
}

func color(k event.Kind) string { return cmp.Or(colors[k], "gray") }
