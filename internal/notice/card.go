package notice

import (
	"fmt"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/story"
)

// Card is the kind of the item that stands for the card of an event in a channel:
// the one message there that always shows the current state. It is no notice that
// anybody asks for in a route.
//
// The item's ChannelID and TS say where the card is, TS being "" where it has to be
// posted. Its Notice.From is the revision that the card shows and Notice.To the one
// that it is to show; its Payload is what it shows.
const Card Kind = "card"

// CardKey returns the key of the card of an event in a channel of an installation.
func CardKey(install, event, channel string) string { return key(install, "card", event, channel) }

// Renewed returns the key under which a card is posted after the one that was posted
// under root is gone.
func Renewed(cardKey, root string) string { return key(cardKey, "renewed", root) }

// PostKey returns the key that goes along with the item's message.
func (i Item) PostKey() string {
	if i.Root != "" {
		return i.Root
	}
	return i.Key
}

// Refresh makes the card item show the revision to of its event, due at due. What is on its
// way is not disturbed: the card is shown once more after it.
func (i *Item) Refresh(to int, due, now time.Time, why string) {
	i.Notice.To = to
	switch i.State {
	case Pending:
		if !i.Notice.Due.After(due) && i.Attempts == 0 { // edits that follow each other are shown together
			return
		}
		i.Notice.Due = due.UTC()
	case Sent, Dead:
		if i.State == Dead {
			i.Payload = nil // it was never shown
		}
		i.Notice.Due, i.NextTry = due.UTC(), time.Time{}
		i.Fail("", "")
		i.Attempts, i.FirstAttempt = 0, time.Time{}
		i.Become(Pending, now, why)
	case Sending, Unknown:
		i.Notice.Due = due.UTC()
	}
}

// Cards returns the cards among the items of an event, changed so that they show its
// revision to when due. Where something about it is on its way in a channel that has
// no card, it returns one without a message: what is on its way says what was, and
// is to show what is as soon as it has become the card.
func Cards(install string, items []Item, to int, due, now time.Time, why string) []Item {
	have, wanted := make(map[string]bool), make(map[string]Item)
	var out []Item
	for _, it := range items {
		if it.Notice.Kind == Card {
			have[it.Channel] = true
			it.Refresh(to, due, now, why)
			out = append(out, it)
			continue
		}
		underWay := it.Attempts > 0 && (it.State == Pending || it.State == Sending || it.State == Unknown)
		if underWay && it.Notice.Event != "" {
			k := CardKey(install, it.Notice.Event, it.Channel)
			c := Item{Key: k, Channel: it.Channel, Notice: Notice{Key: k, Event: it.Notice.Event, Kind: Card, To: to}}
			c.Become(Superseded, now, "waits for its message")
			wanted[it.Channel] = c
		}
	}
	for channel, c := range wanted {
		if !have[channel] {
			out = append(out, c)
		}
	}
	return out
}

// LastChange is what changed last in an event, and when.
type LastChange struct {
	At      time.Time // UTC; zero is never
	Changes []change.Change
	Reason  string // in a person's words, or ""
}

// WriteCard returns the card of the event of s: what, when and how sure, its window,
// why it is there, who said so, and what changed last. It holds no word that time
// alone makes wrong.
func WriteCard(s Details, last LastChange) Message {
	e := s.Entry
	m := s.message(Card)
	m.Headline, m.Changed = cardHeadline(e), last.words(e.Window.Location())
	m.Told = toldFirst(s.Told, m.Changed)
	for _, f := range s.reader().Of(&e).Only(story.Condition, story.Unseen, story.Was, story.Replaced, story.Disputed) {
		if f.About != story.Was || m.Changed == "" { // which tells it
			m.Text = append(m.Text, f.String())
		}
	}
	return m
}

// FirstWords returns what m says besides what a card shows: what happened, what changed, why,
// and what follows. It is nil where the card shows all of it.
func (m Message) FirstWords() []string {
	if m.Kind != Changed && m.Kind != Contradiction && m.Kind != Condition {
		return nil
	}
	words := []string{m.lead()}
	for _, v := range m.Moves {
		words = append(words, v.String())
	}
	return append(words, m.Text...)
}

// toldFirst returns the first words of a card in a line, without what its last change says,
// and "" where that is all of them.
func toldFirst(words []string, changed string) string {
	if len(words) == 0 {
		return ""
	}
	text := words[0]
	for _, w := range words[1:] {
		if !strings.Contains(changed, w) && !strings.Contains(changed, prose.Capital(strings.TrimPrefix(w, whyMark))) {
			text += stop(text) + " " + strings.TrimSuffix(w, ".")
		}
	}
	if text == words[0] {
		return ""
	}
	return text
}

// cardHeadline names what it became before the title: that is what people look for.
func cardHeadline(e agenda.Entry) string {
	if e.Status == event.Open {
		return e.Title
	}
	return prose.Capital(string(e.Status)) + ": " + e.Title
}

// maxReasons is how many statements a card names; the page has the rest.
const maxReasons = 4

// reasons returns the statements that put the date where it is, unless they say no more
// than the date itself.
func reasons(e agenda.Entry) []string {
	var out []string
	date := story.Reader{}.Date(&e)
	for _, r := range e.Because {
		if len(out) == maxReasons {
			break
		}
		if r.Says != "" && !story.Says(date, r.Says) {
			out = appendNew(out, r.Says)
		}
	}
	return out
}

// words returns what changed last, with its day in the zone loc.
func (l LastChange) words(loc *time.Location) string {
	if len(l.Changes) == 0 {
		return ""
	}
	var moves []string
	for _, c := range l.Changes {
		moves = append(moves, c.String())
	}
	text := fmt.Sprintf("%s, %s: %s", civil.Long(civil.DateOf(l.At, loc)), change.Words(l.Changes), strings.Join(moves, "; "))
	if l.Reason != "" {
		text += ". " + prose.Capital(l.Reason)
	}
	return text
}

// until returns from when on a headline that counts days or hours is wrong: the next
// midnight where it is read, or the beginning of the event.
func (s Details) until() time.Time {
	e := s.Entry
	end := s.today().AddDays(1).Start(s.location())
	if start, ok := e.Window.Start(); ok && start.After(s.Now) && start.Before(end) {
		end = start
	}
	return end.UTC()
}
