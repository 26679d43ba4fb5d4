package slack

import (
	"slices"
	"strconv"
	"strings"

	"attache/internal/notice"

	slackgo "github.com/slack-go/slack"
)

// about is what a button is pressed about. It is its value, and the name of its block: the
// options of a menu have no room for it.
type about struct {
	Event    string
	Revision int
	Key      string // of the notice
}

// valueFormat begins the values of this release. Those of others are told from them.
const valueFormat = "1"

// String returns what stands in a button: 1|beijing-visit|4|KEY.
func (a about) String() string {
	return strings.Join([]string{valueFormat, a.Event, strconv.Itoa(a.Revision), a.Key}, "|")
}

// readAbout reads the value of a button, and reports whether it has the form of this release.
func readAbout(value string) (a about, ok bool) {
	parts := strings.Split(value, "|")
	if len(parts) != 4 || parts[0] != valueFormat || parts[1] == "" || len(value) > maxName {
		return a, false
	}
	n, err := strconv.Atoi(parts[2])
	return about{parts[1], n, parts[3]}, err == nil && n > 0
}

// maxName is the greatest length of the id of a block or an action.
const maxName = 255

// actionPrefix begins the ids of what can be pressed in a message. The answer stands behind it.
const actionPrefix = "attache."

// moreAction is the menu that holds what has no button of its own.
const moreAction = actionPrefix + "more"

// mostButtons is how many answers have a button; the others stand in a menu beside them.
const mostButtons = 3

// The choices of when to be told again, besides a day that is asked for.
const (
	laterDay   = "later 1d"
	laterDays  = "later 3d"
	laterUntil = "later"
)

// labels are what stands on buttons and in menus.
var labels = map[string]string{
	string(notice.SayOutcome): "Outcome…", string(notice.SayStands): "Still stands", string(notice.SayDate): "New date…",
	string(notice.SayGot): "Got it", laterDay: "Snooze 1 day", laterDays: "Snooze 3 days", laterUntil: "Snooze until…",
}

// pressed says for what is meant most likely which button says it.
var pressed = map[notice.Answer]string{
	notice.SayOutcome: "Press Outcome… to say what became of it", notice.SayStands: "Press Still stands if it does",
	notice.SayDate: "Press New date… once its day is known",
}

// toDo returns how m is answered, "" where nothing is asked.
func toDo(m notice.Message, buttons bool) string {
	if m.Do == "" || !buttons || len(m.Answers) == 0 {
		return m.Do
	}
	return pressed[m.Answers[0]]
}

// buttons adds what can be said, three as buttons and the rest in a menu. It adds nothing
// where there is no room, or no event.
func (l *layout) buttons(a about, answers []notice.Answer) {
	b, text := actions(a, answers)
	if b != nil && l.left >= perBlock+escapedSize(text) && len(l.blocks) <= maxBlocks-2 {
		l.put(b, text)
	}
}

// actions returns the block of what can be said, and its words; nil where nothing can.
func actions(a about, answers []notice.Answer) (slackgo.Block, string) {
	if a.Event == "" || len(answers) == 0 {
		return nil, ""
	}
	var elements []slackgo.BlockElement
	var words, menu []string
	for _, say := range answers {
		switch {
		case say == notice.SayLater:
			menu = append(menu, laterDay, laterDays, laterUntil)
		case len(elements) == mostButtons:
			menu = append(menu, string(say))
		default:
			label := labels[string(say)]
			elements = append(elements, slackgo.NewButtonBlockElement(actionPrefix+string(say), a.String(), plainOf(label)))
			words = append(words, label)
		}
	}
	if len(menu) > 0 {
		elements = append(elements, menuOf(menu))
	}
	return slackgo.NewActionBlock(a.String(), elements...), strings.Join(words, "")
}

// menuOf returns the menu of choices. Slack takes five.
func menuOf(choices []string) *slackgo.OverflowBlockElement {
	var options []*slackgo.OptionBlockObject
	for _, c := range choices {
		options = append(options, slackgo.NewOptionBlockObject(c, plainOf(labels[c]), nil))
	}
	return slackgo.NewOverflowBlockElement(moreAction, options...)
}

func plainOf(text string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, text, false, false)
}

// MostRows is how many lines of one message, at most, should have something that can be said
// to them: so many have room for their buttons.
const MostRows = 18

// row adds one line with what can be said to it, once for each event.
func (l *layout) row(n notice.Line, note int, beside bool, before []notice.Line) {
	text := line(n, note)
	if len(before) == 0 || before[len(before)-1].Group != n.Group {
		text = join("\n", esc(n.Group, maxLineTitle), text)
	}
	a := about{Event: n.Event, Revision: n.Revision, Key: l.key}
	if slices.ContainsFunc(before, func(o notice.Line) bool { return o.Event == n.Event }) {
		a.Event = "" // a block stands once in a message
	}
	b, words := actions(a, n.Answers)
	blocks := 2
	if beside || b == nil {
		blocks, words = 1, ""
	}
	if l.left < blocks*perBlock+escapedSize(text)+escapedSize(words) || len(l.blocks)+blocks > maxBlocks-1 {
		l.dropped++
		return
	}
	s := section(text)
	if beside && b != nil {
		s.BlockID, s.Accessory = a.String(), slackgo.NewAccessory(menuOf(besides(n.Answers)))
	}
	l.put(s, text)
	if blocks == 2 {
		l.put(b, words)
	}
}

// besides returns the choices of a menu that holds all that can be said, as far as there is
// room in it.
func besides(answers []notice.Answer) []string {
	var out []string
	for _, say := range answers {
		if say == notice.SayLater {
			out = append(out, laterDay)
		} else {
			out = append(out, string(say))
		}
	}
	return out[:min(len(out), 5)]
}
