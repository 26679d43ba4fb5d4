package attachetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/calendar"
	"attache/internal/control"
	"attache/internal/lengthtest"
	"attache/internal/slack/slacktest"
	"attache/internal/store"
)

// presses is how many answers are given while the daemon is killed, and atOnce how many of
// them between two kills.
var presses, atOnce = lengthtest.Of(12, 48), 6

// answered is one answer of a person.
type answered struct {
	by    slacktest.Person
	visit int
	e     *slacktest.Envelope
}

func (x answered) id() string { return fmt.Sprint("visit-", x.visit) }

// told returns what its person was told of it, "" for nothing yet.
func (x answered) told(s *slacktest.Server) string {
	for _, w := range s.Whispers(x.by.ID) {
		if strings.Contains(w.Text, fmt.Sprintf("“Visit number %d”", x.visit)) || strings.Contains(w.Text, fmt.Sprintf("“Visit number %d, moved”", x.visit)) {
			return w.Text
		}
	}
	return ""
}

// What is done with the visit of a number, in turn.
const (
	saysHeld   = iota // in a form
	hasGot            // by a button
	snoozes           // from a menu
	saysDate          // in a form
	bothAnswer        // two people at once, in forms
	isMoved           // the file moved on before
	ways
)

// answer gives the answers to the visit n, to which the message m asks.
func answer(s *slacktest.Server, m slacktest.Message, n int) []answered {
	block := fmt.Sprintf("|visit-%d|", n)
	form := func(by slacktest.Person, do string, fields map[string]string) answered {
		private, err := json.Marshal(map[string]any{"do": do, "event": fmt.Sprint("visit-", n), "revision": 1, "channel": m.Channel, "ts": m.TS})
		if err != nil {
			panic(err) // there are only strings
		}
		return answered{by, n, s.SubmitForm(by, fmt.Sprint("V-", n, by.ID), string(private), fields)}
	}
	held := map[string]string{"status": "held", "reason": "both were there"}
	switch n % ways {
	case hasGot:
		return []answered{{alice, n, s.PressIn(alice, m.Channel, m.TS, block, "attache.got")}}
	case snoozes:
		return []answered{{bob, n, s.ChooseIn(bob, m.Channel, m.TS, block, "attache.more", "later 3d")}}
	case saysDate:
		return []answered{form(alice, "date", map[string]string{"when": "2099-05-31", "certainty": "likely"})}
	case bothAnswer:
		return []answered{form(alice, "outcome", held), form(bob, "outcome", map[string]string{"status": "cancelled", "reason": "nobody came"})}
	}
	return []answered{form(alice, "outcome", held)}
}

func TestKill_WhilePeopleAnswer(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	s.SetPatience(3 * time.Second) // whoever was killed acknowledges nothing
	a := New(t, files(Settings(t, s), visits("")))
	stop := mortal(a, s)
	rows := func() map[int]slacktest.Message { // the message with the row of each visit
		out := map[int]slacktest.Message{}
		for _, m := range s.Messages("trade-desk") {
			for n := range presses {
				if strings.Contains(string(m.Blocks), fmt.Sprintf("|visit-%d|", n)) {
					out[n] = m
				}
			}
		}
		return out
	}
	a.within(2*time.Minute, "the questions", func() bool { return len(rows()) == presses })
	asked := rows()
	a.Write("events/a.yaml", visits(", moved"))
	a.within(time.Minute, "what moved on", func() bool {
		list, err := control.NewClient(control.Path(a.data)).List(context.Background(), calendar.Query{Now: time.Now()})
		return err == nil && strings.Contains(fmt.Sprint(list), "Visit number 5, moved")
	})
	var all []answered
	for n := 0; n < presses; {
		var batch []answered
		for ; n < presses && len(batch) < atOnce; n++ {
			batch = append(batch, answer(s, asked[n], n)...)
		}
		time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond) // any point of any of them
		stop()
		stop = mortal(a, s)
		for i, x := range batch { // Slack tells again what was not acknowledged, and once what was
			batch[i].e = x.e.Again()
			if _, err := batch[i].e.Wait(); err != nil {
				t.Errorf("%s of %s: %v", x.by.Name, x.id(), err)
			}
		}
		all = append(all, batch...)
	}
	for _, x := range all {
		a.within(2*time.Minute, "what "+x.by.Name+" is told of "+x.id(), func() bool { return x.told(s) != "" })
	}
	a.within(2*time.Minute, "the end of what was heard", func() bool { return len(unworked(a)) == 0 })
	stop()
	a.Store(func(db *store.DB) { checkAnswered(t, s, db, all) })
}

// visits returns a file of as many visits as there are presses, all of which have passed; the
// titles of those that move on end with mark.
func visits(mark string) string {
	var b strings.Builder
	b.WriteString("events:\n")
	for n := range presses {
		title := fmt.Sprintf("Visit number %d", n)
		if n%ways == isMoved {
			title += mark
		}
		fmt.Fprintf(&b, "  - {id: visit-%d, title: %q, kind: visit, when: %s, sources: [{quote: they go}]}\n", n, title, time.Now().AddDate(0, 0, -5).Format(time.DateOnly))
	}
	return b.String()
}

// mortal starts a daemon whose socket is connected, and returns what kills it.
func mortal(a *Attache, s *slacktest.Server) (kill func()) {
	a.t.Helper()
	c := childWith(a.t, a.folder, a.data, "127.0.0.1:0", "SLACK_APP_TOKEN="+slacktest.AppToken)
	a.within(time.Minute, "the socket", func() bool { return s.Sockets() == 1 })
	return func() {
		if err := c.Process.Kill(); err != nil {
			a.t.Error(err)
		}
		_ = c.Wait() // it was killed
		a.within(time.Minute, "the end of the socket", func() bool { return s.Sockets() == 0 })
	}
}

// checkAnswered demands that each answer had its effect once, or that its person was told why not.
func checkAnswered(t *testing.T, s *slacktest.Server, db *store.DB, all []answered) {
	recorded := map[int]int{}
	for _, x := range all {
		if strings.HasPrefix(x.told(s), "Recorded: ") {
			recorded[x.visit]++
		}
	}
	err := db.View(func(tx *store.Tx) error {
		for _, x := range all {
			list, err := tx.Revisions(x.id())
			if err != nil {
				return err
			}
			_, handled, err := tx.Handled(x.id(), "#trade-desk")
			if err != nil {
				return err
			}
			want, answers := 1, 1 // revisions beside the first, and answers that are recorded
			switch x.visit % ways {
			case hasGot, snoozes:
				want, answers = 0, 0
			case isMoved:
				answers = 0
			}
			if n := len(list) - 1; n != want || recorded[x.visit] != answers || handled != (want == 0) {
				t.Errorf("%s: %d times, recorded %d, handled %v; %s is told %q", x.id(), n, recorded[x.visit], handled, x.by.Name, x.told(s))
			}
			if refused := strings.HasPrefix(x.told(s), "Not recorded"); refused != (x.visit%ways == isMoved) && x.visit%ways != bothAnswer {
				t.Errorf("%s: %s is told %q", x.id(), x.by.Name, x.told(s))
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// unworked returns what a running attache heard and has not worked off, by a copy of its database.
func unworked(a *Attache) (keys []string) {
	a.t.Helper()
	c, err := control.NewClient(control.Path(a.data)).Copy(context.Background())
	if err != nil {
		a.t.Fatal(err)
	}
	content, err := io.ReadAll(c.Content)
	if err = errors.Join(err, c.Content.Close()); err != nil {
		a.t.Fatal(err)
	}
	path := filepath.Join(a.t.TempDir(), "copy.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		a.t.Fatal(err)
	}
	db, err := store.Open(path, store.Options{ReadOnly: true})
	if err != nil {
		a.t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *store.Tx) error {
		return tx.Heard(func(h store.Heard) error { keys = append(keys, h.Key); return nil })
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return keys
}
