package daemon

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/answer"
	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/config"
	"attache/internal/notice"
	"attache/internal/slack"
	"attache/internal/store"
	"attache/internal/story"
)

// desk answers those who press, fill in and write in Slack.
type desk struct{ d *Daemon }

var _ slack.Desk = desk{}

// sees returns the calendar as whoever did p may see it: in a channel that attache posts to what
// that may carry, elsewhere what the person may. It is nil where that can't be worked out.
func (k desk) sees(p answer.Press) *calendar.View {
	s := k.d.state.Load()
	sight := calendar.SightOf(s.config.AudiencesOf(p.By.ID, nil)...)
	channels := s.settings().SlackChannels()
	if i := slices.IndexFunc(channels, func(name string) bool { return k.among(p.Channel, []string{name}) }); i >= 0 {
		sight = s.settings().SightIn(channels[i])
	}
	v, err := s.view.For(sight)
	if err != nil {
		k.d.o.Log.Error("work out what may be seen in Slack", "channel", p.Channel, "err", err)
		return nil
	}
	return v
}

// entry returns the event id as whoever did p may see it, and false where they see none.
func (k desk) entry(p answer.Press, id string) (agenda.Entry, bool) {
	if v := k.sees(p); v != nil {
		return v.Entry(id)
	}
	return agenda.Entry{}, false
}

// taken reports whether there is an event id, seen or not.
func (k desk) taken(id string) bool {
	_, ok := k.d.state.Load().view.Entry(id)
	return ok
}

// Refuses returns what whoever did p is told who must not answer there. Only channels that attache
// posts to take answers, and of an event only those in which it was spoken of.
func (k desk) Refuses(p answer.Press) (refused answer.Told) {
	s := k.d.state.Load()
	if refused = s.who.refuses(p); refused.Text != "" {
		return refused
	}
	if p.Event == "" {
		if !k.among(p.Channel, s.settings().SlackChannels()) {
			refused.Text = "attache posts nothing in this channel. Write it in one where it does: " + strings.Join(s.settings().SlackChannels(), ", ")
		}
		return refused
	}
	if _, ok, err := k.channelOf(p); err != nil {
		refused.Text = "Not recorded: " + err.Error()
	} else if !ok {
		refused.Text = "Not recorded: attache did not speak of that event in this channel"
	}
	return refused
}

// channelOf returns how the channel of p is called in the outbox, and false where nothing of
// its event was told there. A message may be pressed before Slack has said where it is.
func (k desk) channelOf(p answer.Press) (name string, ok bool, err error) {
	names := k.names(p.Channel)
	err = k.d.db.View(func(tx *store.Tx) error {
		items, err := tx.ItemsOf(p.Event)
		for _, it := range items {
			if it.ChannelID == p.Channel || slices.Contains(names, it.Channel) {
				name, ok = it.Channel, true
				return err
			}
			_, known, err := tx.ChannelID(it.Channel)
			if err != nil {
				return err
			}
			if !known && (it.State == notice.Sending || it.State == notice.Unknown || it.State == notice.Merged) {
				name, ok = it.Channel, true
			}
		}
		return err
	})
	return name, ok, err
}

// among reports whether the channel id is one of those, which stand as configured or by id.
func (k desk) among(id string, channels []string) bool {
	return id != "" && slices.ContainsFunc(k.names(id), func(name string) bool { return slices.Contains(channels, name) })
}

// names returns how the channel id is called: its id, and the names by which it was reached.
func (k desk) names(id string) []string {
	names := []string{id}
	_ = k.d.db.View(func(tx *store.Tx) error { // a channel whose names can't be read has its id alone
		more, err := tx.ChannelNames(id)
		names = append(names, more...)
		return err
	})
	return names
}

// Form returns the form that p opens.
func (k desk) Form(p answer.Press) (answer.Form, answer.Told, bool) {
	now := k.d.o.Now()
	if p.Do == answer.Add {
		return answer.FormOf(p, agenda.Entry{}, now), answer.Told{}, true
	}
	e, ok := k.entry(p, p.Event)
	switch {
	case !ok:
		return answer.Form{}, answer.Refusal(calendar.ErrNoEvent, e, now), false
	case e.Revision != p.Revision:
		return answer.Form{}, answer.Refusal(k.d.since(p, e.Revision), e, now), false
	}
	return answer.FormOf(p, e, now), answer.Told{}, true
}

// since returns what happened to the event of p since the revision that its person saw.
func (d *Daemon) since(p answer.Press, current int) error {
	stale := &calendar.StaleError{Event: p.Event}
	err := d.db.View(func(tx *store.Tx) error {
		for n := p.Revision + 1; n <= current; n++ {
			rev, ok, err := tx.Revision(p.Event, n)
			if err != nil {
				return err
			}
			if ok {
				stale.Since = append(stale.Since, rev)
			}
		}
		return nil
	})
	return errors.Join(stale, err)
}

// Check returns what is wrong with what was filled in, by field.
func (k desk) Check(p answer.Press) map[string]string {
	e, _ := k.entry(p, p.Event)
	if p.Do != answer.Add && e.Revision != p.Revision {
		return nil // whoever filled it in is told what happened since
	}
	f := answer.FormOf(p, e, k.d.o.Now())
	if missing := f.Missing(p.Fields); len(missing) > 0 {
		return missing
	}
	if p.Do == notice.SayLater {
		if _, words := k.until(p); words != "" {
			return map[string]string{answer.FieldDay: words}
		}
		return nil
	}
	said, words := k.said(p)
	if words != "" {
		return map[string]string{answer.FieldTitle: words}
	}
	_, err := k.d.Understand(said)
	return problems(f, err)
}

// said returns what p says of an event. An event that is to be made gets its id here.
func (k desk) said(p answer.Press) (calendar.Said, string) {
	said := p.Said()
	if p.Do != answer.Add {
		return said, ""
	}
	id, words := answer.IDOf(p.Fields[answer.FieldTitle], k.taken)
	said.ID = id
	return said, words
}

// problems returns what err says is wrong, under the field of f that it belongs to, else under
// the first.
func problems(f answer.Form, err error) map[string]string {
	if err == nil || len(f.Fields) == 0 {
		return nil
	}
	at, words := f.Fields[0].Name, err.Error()
	var field *config.FieldError
	if errors.As(err, &field) {
		words = field.Words
		if slices.ContainsFunc(f.Fields, func(x answer.Field) bool { return x.Name == field.Field }) {
			at = field.Field
		}
	}
	var turn *calendar.TransitionError
	if errors.As(err, &turn) {
		at, words = answer.FieldStatus, turn.Err.Error()
	}
	return map[string]string{at: words}
}

// Preview returns what is understood of the date that is filled in.
func (k desk) Preview(p answer.Press) string {
	if strings.TrimSpace(p.Fields[answer.FieldWhen]) == "" {
		return ""
	}
	said, _ := k.said(p) // that a title gives no name is said once it is saved
	if said.ID == "" {
		said.ID = "new-event"
	}
	said.Fields = slices.DeleteFunc(said.Fields, func(a calendar.Assignment) bool { return a.Field != answer.FieldWhen && a.Field != answer.FieldTitle })
	a, err := k.d.Understand(said)
	if err != nil {
		var field *config.FieldError
		if errors.As(err, &field) {
			return "Not understood: " + field.Words
		}
		return "Not understood: " + err.Error()
	}
	var out []string
	for _, st := range a.Statements {
		out = append(out, st.Expr.String())
	}
	return "Understood: " + strings.Join(out, "; ")
}

// Unknown returns what somebody is told who pressed what this release does not know.
func (k desk) Unknown(p answer.Press) answer.Told {
	t := answer.Told{Text: "Nothing was recorded: that button was made by another release of attache. /attache help says what can be said"}
	if t = k.offering(t, p, p.Event); t.Event != "" {
		t.Text = "Nothing was recorded: that button was made by another release of attache. This can be said now:"
	}
	return t
}

// Keep makes p durable.
func (k desk) Keep(p answer.Press) (fresh bool, err error) {
	what, err := json.Marshal(p)
	if err != nil {
		return false, err
	}
	err = k.d.db.Update(func(tx *store.Tx) error {
		_, done, err := tx.Press(p.Key)
		if err != nil || done {
			return err
		}
		if had, err := tx.HasHeard(p.Key); err != nil || had {
			return err
		}
		fresh = true
		return tx.PutHeard(store.Heard{Key: p.Key, At: p.At, What: what})
	})
	return fresh && err == nil, err
}

// Done records that p is worked off. Where that fails it is worked off again at the next
// start, which changes nothing.
func (k desk) Done(p answer.Press) {
	if err := k.d.db.Update(func(tx *store.Tx) error { return tx.DropHeard(p.Key) }); err != nil {
		k.d.o.Log.Error("forget what somebody said in Slack", "event", p.Event, "err", err)
	}
}

// left returns what was heard and not worked off before the last stop, the oldest first. The
// error is of what can't be read, beside which the others stand.
func (k desk) left() (out []answer.Press, err error) {
	var bad error
	err = k.d.db.View(func(tx *store.Tx) error {
		return tx.Heard(func(h store.Heard) error {
			var p answer.Press
			if err := json.Unmarshal(h.What, &p); err != nil {
				bad = errors.Join(bad, fmt.Errorf("read what was heard as %s: %w", h.Key, err))
				return nil
			}
			out = append(out, p)
			return nil
		})
	})
	slices.SortFunc(out, func(a, b answer.Press) int { return a.At.Compare(b.At) })
	return out, errors.Join(err, bad)
}

// Apply does what p says, once.
func (k desk) Apply(_ context.Context, p answer.Press) answer.Told {
	now := k.d.o.Now()
	e, known := k.entry(p, p.Event)
	if !known && p.Do != answer.Add {
		return answer.Refusal(calendar.ErrNoEvent, e, now)
	}
	if p.Channels() {
		return k.handle(p, e)
	}
	said, words := k.said(p)
	if words != "" {
		return answer.Told{Text: "Not recorded: " + words}
	}
	out, err := k.d.Answer(said)
	if err != nil {
		e, _ = k.entry(p, p.Event)
		return answer.Refusal(err, e, now)
	}
	return answer.Told{Text: answer.Recorded(p, out.Revision.Event)}
}

// until returns until when p snoozes, in the morning of the desk of its channel.
func (k desk) until(p answer.Press) (time.Time, string) {
	r := k.d.state.Load().settings().Rules
	channel, _, err := k.channelOf(p)
	if err != nil {
		return time.Time{}, err.Error()
	}
	return p.UntilTime(k.d.o.Now(), r.Zone(channel), r.At)
}

// handle does what is the channel's alone.
func (k desk) handle(p answer.Press, e agenda.Entry) answer.Told {
	now := k.d.o.Now()
	if e.Revision != p.Revision {
		return answer.Refusal(k.d.since(p, e.Revision), e, now)
	}
	channel, ok, err := k.channelOf(p)
	if err != nil || !ok {
		return answer.Refusal(cmp.Or(err, errors.New("attache did not speak of it in this channel")), e, now)
	}
	h := calendar.Handled{Event: p.Event, Channel: channel, By: p.Author()}
	if p.Do == notice.SayLater {
		at, words := k.until(p)
		if words != "" {
			return answer.Told{Text: "Not snoozed: " + words, Event: e.ID, Revision: e.Revision, Answers: notice.AnswersTo(e)}
		}
		h.Until = at
	}
	h, err = k.d.handle(h, p.Key)
	if errors.Is(err, calendar.ErrTooLate) {
		return answer.Told{Text: "Not snoozed: the last safe day is here, so that nothing can be put off", Event: e.ID, Revision: e.Revision, Answers: notice.AnswersTo(e)}
	}
	if err != nil {
		return answer.Refusal(err, e, now)
	}
	return answer.Told{Text: answer.Noted(h, e, k.d.state.Load().settings().Rules.Zone(h.Channel))}
}

// handle records what somebody did with what a channel was told.
func (d *Daemon) handle(h calendar.Handled, press string) (out calendar.Handled, err error) {
	err = d.guard("an answer", func() error {
		d.changing.Lock()
		defer d.changing.Unlock()
		out, _, err = d.calendar.Handle(h, press, d.o.Now())
		d.loop.Wake()
		return err
	})
	return out, err
}

// Command answers what somebody wrote behind /attache.
func (k desk) Command(ctx context.Context, p answer.Press, text string) answer.Told {
	who := k.d.state.Load().who
	switch {
	case who.guest(p):
		return who.ask("Guests of other workspaces are not answered here.")
	case k.d.o.Chat == nil:
		return answer.Told{Text: "attache takes no commands here"}
	}
	v := k.sees(p)
	if v == nil {
		return answer.Told{Text: "That can't be looked up now. The log of attache says why"}
	}
	t := answer.Told{Text: k.d.o.Chat(ctx, v, k.d.o.Now(), text), Fixed: true}
	if words := strings.Fields(text); len(words) == 2 && words[0] == "show" {
		t = k.offering(t, p, words[1])
	}
	return t
}

// offering returns t with what whoever did p can say of the event id where they are, if anything.
func (k desk) offering(t answer.Told, p answer.Press, id string) answer.Told {
	p.Event = id
	if e, ok := k.entry(p, id); ok && k.Refuses(p).Text == "" {
		t.Event, t.Revision, t.Answers = e.ID, e.Revision, notice.AnswersTo(e)
	}
	return t
}

// homeLines is how many events each part of the Home tab shows at most.
const homeLines = 15

// Home returns what awaits an answer, what comes next, and what its person snoozed.
func (k desk) Home(_ context.Context, p answer.Press) []answer.Section {
	s, now := k.d.state.Load(), k.d.o.Now()
	if s.who.guest(p) {
		return []answer.Section{{Title: "Nothing to show", None: "Guests of other workspaces are not answered here"}}
	}
	awaits := answer.Section{Title: "Awaits an answer", None: "Nothing does"}
	next := answer.Section{Title: "Next dates", None: "Nothing is to come"}
	mine := answer.Section{Title: "Snoozed by you", None: "Nothing is"}
	v := k.sees(p)
	if v == nil {
		return []answer.Section{{Title: "Nothing to show", None: "That can't be looked up now. The log of attache says why"}}
	}
	list := agenda.Filter{}.Select(v.Entries())
	agenda.ByDay.Sort(list, civil.DateOf(now, s.view.Zone()))
	told := story.Reader{Now: now}
	row := func(e agenda.Entry, note string) notice.Line {
		return notice.Line{Title: e.Title, Date: told.Line(&e), Note: note, Link: s.settings().PublicURL + "/events/" + e.ID}
	}
	for _, e := range list {
		switch phase := e.Phase(now); {
		case phase == agenda.AwaitingOutcome && e.AwaitsOutcome():
			awaits.Lines = append(awaits.Lines, row(e, ""))
		case e.Status.Over() || phase == agenda.AwaitingOutcome:
		case len(next.Lines) < homeLines:
			next.Lines = append(next.Lines, row(e, string(e.Certainty)))
		}
	}
	err := k.d.db.View(func(tx *store.Tx) error {
		all, err := tx.AllHandled()
		for _, h := range all {
			e, known := v.Entry(h.Event)
			if known && h.By.User == p.By.ID && h.Until.After(now) {
				mine.Lines = append(mine.Lines, row(e, "until "+civil.Short(civil.DateOf(h.Until, s.view.Zone()))+" in "+h.Channel))
			}
		}
		return err
	})
	if err != nil {
		mine.None = "It can't be read now"
	}
	return []answer.Section{awaits, next, mine}
}
