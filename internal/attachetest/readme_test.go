package attachetest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// shipped returns a file of the calendar that is shipped.
func shipped(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// shippedFiles returns the configuration that is shipped, with changes to it.
func shippedFiles(t *testing.T, settings ...string) map[string]string {
	t.Helper()
	return map[string]string{
		"attache.yaml":         strings.NewReplacer(settings...).Replace(shipped(t, "config/attache.yaml")),
		"events/us-china.yaml": shipped(t, "config/events/us-china.yaml"),
	}
}

// example returns the text of the README between two marks.
func example(t *testing.T, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(shipped(t, "README.md"), from)
	text, _, ends := strings.Cut(rest, to)
	if !ok || !ends {
		t.Fatalf("the README has no text between %q and %q", from, to)
	}
	return text
}

// edited returns the shipped events with the edit that the README shows.
func edited(t *testing.T) string {
	t.Helper()
	edit := example(t, "```yaml edit\n", "```")
	head, rest, _ := strings.Cut(shipped(t, "config/events/us-china.yaml"), "- id: beijing-visit")
	for _, change := range strings.Split("\n"+edit, "\n-")[1:] { // one line goes, others come
		old, new, _ := strings.Cut(change+"\n", "\n")
		if !strings.Contains(rest, old+"\n") {
			t.Fatalf("the shipped file has no line %q", old)
		}
		rest = strings.Replace(rest, old+"\n", strings.ReplaceAll("\n"+new, "\n+", "\n")[1:], 1)
	}
	return head + "- id: beijing-visit" + rest
}

func TestReadme_Edit(t *testing.T) {
	t.Parallel()
	a := Start(t, shippedFiles(t, "settle: 2m", "settle: 1s"), At(time.Date(2025, 12, 10, 12, 0, 0, 0, time.UTC)))
	a.WaitFor("the first message", func() bool { return strings.Contains(a.Screen(), "no outcome recorded") })
	before := len(a.Screen())

	a.Write("events/us-china.yaml", edited(t))
	a.WaitFor("the message", func() bool { return strings.Contains(a.Screen(), "→") })
	for _, want := range []string{"Firmed, confirmed: Trump travels to Beijing", "1 Jan to 16 Feb 2026", "Tue 3 Feb 2026", "the date was announced"} {
		if !strings.Contains(a.Screen()[before:], want) {
			t.Errorf("the message lacks %q:\n%s", want, a.Screen()[before:])
		}
	}
	if !strings.Contains(a.Log(), `event=beijing-visit revision=2 changed="[when certainty reason]"`) {
		t.Error("the log does not tell of the revision as the README shows it")
	}
	if feed := a.Feed(); !strings.Contains(feed, "DTSTART;VALUE=DATE:20260203") || strings.Contains(feed, "[window] Trump travels") {
		t.Error("the feed does not show the day")
	}
	if page := a.Get("/events/washington-follow-up").Body; !strings.Contains(page, "4 Feb") {
		t.Error("the follow-up meeting does not move with the visit")
	}
	page := a.Get("/events/beijing-visit").Body
	for _, want := range []string{"Tue 27 Jan 2026, 09:00", "Mon 2 Feb 2026, 09:00"} { // a week and a day before
		if !strings.Contains(page, want) {
			t.Errorf("the page announces nothing for %s", want)
		}
	}
}

func TestReadme_Mistake(t *testing.T) {
	t.Parallel()
	a := Start(t, shippedFiles(t))
	wrong := example(t, "```text mistake\n", "\n```")
	first, _, _ := strings.Cut(wrong, "\n")
	a.Write("events/us-china.yaml", strings.Replace(edited(t), "2026-02-03", "2026-02-30", 1))
	said := strings.TrimPrefix(first, "config/") // the folder of this test has another name
	a.WaitFor("the verdict", func() bool { return strings.Contains(strings.ReplaceAll(a.Log(), `\"`, `"`), said) })
	if page := a.Get("/").Body; !strings.Contains(page, "events/us-china.yaml") || !strings.Contains(page, "February 2026 has no day 30") {
		t.Error("the page does not say what is wrong")
	}
}
