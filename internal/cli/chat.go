package cli

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/syntax"
)

// The words that a chat takes, with what they are followed by.
var chatWords = []string{"next", "list", "show", "why", "add", "help"}

// chatHelp is what help says in a chat.
const chatHelp = `next                what comes next
list [FILTER…]      the events in the order of their dates; a FILTER is --topic, --party,
                    --kind, --status, --certainty, --from or --to with a value
show ID             one event: what was said, what follows, and all its changes
why ID              why an event is where it is
add [TITLE]         a form for a new event
help                this

Below a card: Outcome… says what became of it, Still stands that nothing changed, New date… what
is said of its date. Got it and Snooze are for this channel alone.`

// nextLines is how many events next shows.
const nextLines = 10

// Chat answers what somebody wrote behind /attache in a chat: in the words of the commands
// of the same names, from what r tells at now. It takes no flag that reaches beyond r.
func Chat(ctx context.Context, r calendar.Reader, now time.Time, text string) string {
	words := chatFields(text)
	if len(words) == 0 {
		words = []string{"next"}
	}
	word, args := words[0], words[1:]
	switch word {
	case "help":
		return chatHelp
	case "next":
		return chatNext(ctx, r, now)
	case "list", "show", "why":
		for _, a := range args {
			if flag, _, _ := strings.Cut(a, "="); strings.HasPrefix(a, "-") && !(word == "list" && isFilter(flag)) {
				return fmt.Sprintf("%s takes no %s here\n\n%s", word, flag, chatHelp)
			}
		}
		return runChat(ctx, r, now, words)
	}
	said := fmt.Sprintf("%q is no command", prose.Measure(prose.UTF16).Cut(word, 40))
	if near := syntax.Nearest(word, chatWords); near != "" {
		said += ": did you mean " + near + "?"
	}
	return said + "\n\n" + chatHelp
}

// isFilter reports whether a flag of list chooses events.
func isFilter(flag string) bool {
	switch flag {
	case "--topic", "--party", "--kind", "--status", "--certainty", "--from", "--to":
		return true
	}
	return false
}

// chatFields splits what somebody wrote. Some clients of chats make a dash of two hyphens and
// curly quotes of straight ones.
func chatFields(text string) []string {
	text = strings.NewReplacer("—", "--", "–", "--", "“", `"`, "”", `"`, "&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
	var out []string
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 0 {
			out = append(out, strings.Fields(part)...)
		} else if n := len(out); n > 0 && strings.HasSuffix(out[n-1], "=") {
			out[n-1] += part
		} else {
			out = append(out, part)
		}
	}
	return out
}

// runChat runs a command on r alone and returns what it prints.
func runChat(ctx context.Context, r calendar.Reader, now time.Time, args []string) string {
	var out bytes.Buffer
	env := Env{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Getenv: func(string) string { return "" }, Now: func() time.Time { return now }}
	a := &app{Env: env, out: &output{to: &out}, reader: r}
	a.run(ctx, args)
	return strings.TrimPrefix(out.String(), "attache: ")
}

// chatNext returns what comes next, with how much more there is.
func chatNext(ctx context.Context, r calendar.Reader, now time.Time) string {
	text := runChat(ctx, r, now, []string{"list", "--status", "open,deferred", "--from", civil.DateOf(now, time.UTC).String()})
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	switch {
	case strings.TrimSpace(text) == "":
		return "nothing is to come"
	case len(lines) > nextLines:
		return strings.Join(lines[:nextLines], "\n") + "\nand " + prose.Count(len(lines)-nextLines, "more event") + ": /attache list"
	}
	return strings.Join(lines, "\n")
}
