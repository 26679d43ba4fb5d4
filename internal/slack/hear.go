package slack

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"time"

	"attache/internal/answer"
	"attache/internal/notice"
	"attache/internal/prose"
)

// Desk is whoever knows what an answer means and does it.
type Desk interface {
	// Refuses returns what whoever did p is told who must not answer there, the zero Told where
	// they may. It asks nobody.
	Refuses(p answer.Press) answer.Told
	// Form returns the form that p opens; ok is false where it opens none, and told says why.
	Form(p answer.Press) (f answer.Form, told answer.Told, ok bool)
	// Check returns what is wrong with what was filled in, in words by field.
	Check(p answer.Press) map[string]string
	// Preview returns what is understood of what is filled in so far, or what is wrong with it.
	Preview(p answer.Press) string
	// Unknown returns what somebody is told who pressed what this release does not know.
	Unknown(p answer.Press) answer.Told
	// Keep makes p durable, so that it has its effect whatever happens; fresh is false where it
	// was heard before.
	Keep(p answer.Press) (fresh bool, err error)
	// Apply does what p says and returns what its person is told. It may be called again
	// with the same p, and has its effect once.
	Apply(ctx context.Context, p answer.Press) answer.Told
	// Done records that p had its effect and its person was told.
	Done(p answer.Press)
	// Command returns the answer to what somebody wrote behind /attache.
	Command(ctx context.Context, p answer.Press, text string) answer.Told
	// Home returns what the Home tab of a person shows.
	Home(ctx context.Context, p answer.Press) []answer.Section
}

// Listener hears what people press, fill in and write, and sees to it that each act has one
// effect and that whoever did it is told. For each act it keeps to this order:
//
//	made durable ─► acknowledged ─► done ─► its person is told ─► forgotten
//
// A form is opened before anything else, since Slack takes it for three seconds alone.
type Listener struct {
	slack *Slack
	desk  Desk
	log   *slog.Logger
	now   func() time.Time
}

// Listen returns what hears for desk, and answers through s. now is the clock.
func Listen(s *Slack, desk Desk, now func() time.Time, log *slog.Logger) *Listener {
	return &Listener{slack: s, desk: desk, now: now, log: log}
}

// Timeouts of what people wait for.
const (
	openTimeout    = 3 * time.Second         // of a form
	commandTimeout = 2500 * time.Millisecond // Slack shows an error after three seconds
	tellTimeout    = 30 * time.Second
)

// Hear works on one envelope.
func (l *Listener) Hear(ctx context.Context, e Envelope) {
	ctx = context.WithoutCancel(ctx) // what is begun is finished
	switch e.Type {
	case "interactive":
		var in interaction
		decode(e.Payload, &in)
		l.interactive(ctx, e, in)
	case "slash_commands":
		var in command
		decode(e.Payload, &in)
		l.command(ctx, e, in)
	default:
		l.acknowledge(e, nil)
		var in struct {
			Team  string `json:"team_id"`
			Event struct{ Type, User, Tab string }
		}
		decode(e.Payload, &in)
		if in.Event.Type == "app_home_opened" && in.Event.User != "" && in.Event.Tab != "messages" {
			l.home(ctx, answer.Press{By: answer.Person{ID: in.Event.User, Team: in.Team}, Team: in.Team, At: l.now()})
		}
	}
}

// decode reads as much of a payload as has the shape that it should have. What is missing, or
// of another type, is as if it were empty: who reads it asks for what is needed.
func decode(payload json.RawMessage, v any) {
	_ = json.Unmarshal(payload, v) // as the comment says
}

// acknowledge tells Slack that e was heard. That it can't be told any more is no reason to stop.
func (l *Listener) acknowledge(e Envelope, payload any) {
	if err := e.Ack(payload); err != nil {
		l.log.Warn("an answer from Slack was heard, and Slack was not told: it may show an error", "err", err)
	}
}

// interaction is what is read of a press or a submission.
type interaction struct {
	Type      string              `json:"type"`
	Team      struct{ ID string } `json:"team"`
	User      user                `json:"user"`
	Channel   struct{ ID string } `json:"channel"`
	Container struct {
		TS      string `json:"message_ts"`
		Channel string `json:"channel_id"`
		Thread  string `json:"thread_ts"`
	} `json:"container"`
	Actions []action `json:"actions"`
	Trigger string   `json:"trigger_id"`
	Reply   string   `json:"response_url"`
	View    struct {
		ID       string `json:"id"`
		Hash     string `json:"hash"`
		Private  string `json:"private_metadata"`
		Callback string `json:"callback_id"`
		State    struct {
			Values map[string]map[string]state `json:"values"`
		} `json:"state"`
	} `json:"view"`
}

type user struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
	Team     string `json:"team_id"`
}

type action struct {
	ID     string `json:"action_id"`
	Block  string `json:"block_id"`
	Value  string `json:"value"`
	At     string `json:"action_ts"`
	Chosen struct {
		Value string `json:"value"`
	} `json:"selected_option"`
}

// state is what stands in a field of a form.
type state struct {
	Value  string `json:"value"`
	Day    string `json:"selected_date"`
	Chosen struct {
		Value string `json:"value"`
	} `json:"selected_option"`
}

// person returns who did it.
func (in interaction) person() answer.Person {
	name := in.User.Name
	if name == "" {
		name = in.User.Username
	}
	team := in.User.Team
	if team == "" {
		team = in.Team.ID
	}
	return answer.Person{ID: in.User.ID, Name: prose.Measure(prose.UTF16).Cut(clean(name), maxNameShown), Team: team}
}

// maxNameShown is the greatest length of the name of a person.
const maxNameShown = 80

func (l *Listener) interactive(ctx context.Context, e Envelope, in interaction) {
	switch {
	case in.User.ID == "":
		l.acknowledge(e, nil) // there is nobody who could be told
	case in.Type == "view_submission":
		l.submitted(ctx, e, in)
	case in.Type == "block_actions" && in.View.ID != "":
		l.acknowledge(e, nil)
		l.preview(ctx, in)
	case in.Type == "block_actions" && len(in.Actions) > 0:
		l.pressed(ctx, e, in)
	default: // a form that was closed, say
		l.acknowledge(e, nil)
	}
}

// pressed works on a press of a button, or a choice from a menu.
func (l *Listener) pressed(ctx context.Context, e Envelope, in interaction) {
	p, known, ours := l.press(in)
	switch {
	case !ours: // a link, or the button of another app
		l.acknowledge(e, nil)
	case !known:
		l.acknowledge(e, nil)
		l.tell(ctx, p, l.desk.Unknown(p))
	default:
		if refused := l.desk.Refuses(p); refused.Text != "" {
			l.acknowledge(e, nil)
			l.tell(ctx, p, refused)
		} else if p.NeedsForm() {
			l.acknowledge(e, nil)
			l.open(ctx, p, in.Trigger)
		} else {
			l.take(ctx, e, p, nil)
		}
	}
}

// press reads what was pressed. It reports whether this release knows it, and whether it is
// a button of attache's at all.
func (l *Listener) press(in interaction) (p answer.Press, known, ours bool) {
	a := in.Actions[0]
	p = answer.Press{
		By: in.person(), Team: in.Team.ID, Channel: in.Container.Channel, TS: in.Container.TS, At: l.now(), Reply: in.Reply,
	}
	if p.Channel == "" {
		p.Channel = in.Channel.ID
	}
	say, ours := strings.CutPrefix(a.ID, actionPrefix)
	if !ours || a.ID == openAction {
		return p, false, false
	}
	value := a.Value
	if a.ID == moreAction {
		say, value = a.Chosen.Value, a.Block
	}
	about, known := readAbout(value)
	p.Event, p.Revision, p.Notice = about.Event, about.Revision, about.Key
	if !known { // an older release may have put the event elsewhere
		if parts := strings.Split(value, "|"); len(parts) > 1 {
			p.Event = parts[1]
		}
	}
	say, p.Until, _ = strings.Cut(say, " ")
	p.Do = notice.Answer(say)
	p.Key = strings.Join([]string{in.Team.ID, p.By.ID, p.Channel, p.TS, a.ID, a.At, say, p.Until}, "/")
	return p, known && labels[strings.TrimSpace(say+" "+p.Until)] != "" && a.At != "" && len(p.Key) < maxKey, true
}

// maxKey is the greatest length of the name of an act.
const maxKey = 1000

// take makes p durable, acknowledges it, and does it. An act that can't be made durable is not
// acknowledged: its person sees an error.
func (l *Listener) take(ctx context.Context, e Envelope, p answer.Press, ack any) {
	fresh, err := l.desk.Keep(p)
	if err != nil {
		l.log.Error("what somebody pressed in Slack could not be kept, and they see an error", "event", p.Event, "err", err)
		return
	}
	l.acknowledge(e, ack)
	if fresh {
		l.Finish(ctx, p)
	}
}

// Finish does what p says, which was made durable, and tells its person.
func (l *Listener) Finish(ctx context.Context, p answer.Press) {
	p.Link = l.slack.permalink(ctx, p.Channel, p.TS)
	p.By.Name = l.slack.displayName(ctx, p.By)
	told := l.desk.Apply(ctx, p)
	l.tell(ctx, p, told)
	l.desk.Done(p)
}

// open opens the form of p.
func (l *Listener) open(ctx context.Context, p answer.Press, trigger string) {
	form, told, ok := l.desk.Form(p)
	if !ok {
		l.tell(ctx, p, told)
		return
	}
	err := l.slack.openView(ctx, trigger, view(form, p, ""))
	if err == nil {
		return
	}
	l.log.Warn("a form could not be opened in Slack", "err", err)
	words := "The form could not be opened: " + err.Error()
	if errors.Is(err, errTooLate) {
		words = "The form came too late for Slack, which waits three seconds for it. Press once more"
	}
	told = l.desk.Unknown(p)
	told.Text = words
	l.tell(ctx, p, told)
}

// submitted works on a form that was filled in.
func (l *Listener) submitted(ctx context.Context, e Envelope, in interaction) {
	p, ok := l.filled(in)
	if !ok {
		l.acknowledge(e, nil) // a form of another release, or of nobody: it closes
		if p.By.ID != "" && p.Channel != "" {
			l.tell(ctx, p, answer.Told{Text: "Nothing was recorded: that form is of another release of attache. Open it again"})
		}
		return
	}
	if refused := l.desk.Refuses(p); refused.Text != "" {
		l.acknowledge(e, nil)
		l.tell(ctx, p, refused)
		return
	}
	if wrong := l.desk.Check(p); len(wrong) > 0 {
		l.acknowledge(e, struct {
			Action string            `json:"response_action"`
			Errors map[string]string `json:"errors"`
		}{"errors", shortened(wrong)})
		return
	}
	l.take(ctx, e, p, nil)
}

// maxProblem is the greatest length of what stands under a field.
const maxProblem = 250

func shortened(wrong map[string]string) map[string]string {
	out := make(map[string]string, len(wrong))
	for field, words := range wrong {
		out[field] = prose.Measure(prose.UTF16).Cut(clean(words), maxProblem)
	}
	return out
}

// filled reads a form: what it was opened for, who fills it in, and what stands in it.
func (l *Listener) filled(in interaction) (answer.Press, bool) {
	var p answer.Press
	decode(json.RawMessage(in.View.Private), &p)
	p.By, p.At = in.person(), l.now() // not what the form says
	p.Team = in.Team.ID
	p.Key = strings.Join([]string{in.Team.ID, p.By.ID, "view", in.View.ID}, "/")
	p.Fields = map[string]string{}
	for block, fields := range in.View.State.Values {
		for _, s := range fields {
			if v := s.Value + s.Day + s.Chosen.Value; v != "" {
				p.Fields[block] = v
			}
		}
	}
	return p, in.View.ID != "" && in.View.Callback == formName && p.NeedsForm() && len(p.Key) < maxKey
}

// preview shows what is understood of a form that is being filled in.
func (l *Listener) preview(ctx context.Context, in interaction) {
	p, ok := l.filled(in)
	if !ok {
		return
	}
	form, _, ok := l.desk.Form(p)
	if !ok {
		return
	}
	understood := l.desk.Preview(p)
	p.Fields = nil
	if err := l.slack.updateView(ctx, in.View.ID, in.View.Hash, view(form, p, understood)); err != nil {
		l.log.Debug("the preview of a form could not be shown", "err", err)
	}
}

// command is what is read of /attache.
type command struct {
	Text    string `json:"text"`
	Team    string `json:"team_id"`
	Channel string `json:"channel_id"`
	User    string `json:"user_id"`
	Name    string `json:"user_name"`
	Trigger string `json:"trigger_id"`
	Reply   string `json:"response_url"`
}

// command answers /attache within the time that Slack waits for it.
func (l *Listener) command(ctx context.Context, e Envelope, in command) {
	p := answer.Press{
		By: answer.Person{ID: in.User, Name: clean(in.Name), Team: in.Team}, Team: in.Team, Channel: in.Channel, At: l.now(), Reply: in.Reply,
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(in.Text), " ")
	if word == "add" {
		l.acknowledge(e, nil)
		p.Do, p.Fields = answer.Add, map[string]string{answer.FieldTitle: prose.Measure(prose.UTF16).Cut(clean(rest), maxLineField)}
		if refused := l.desk.Refuses(p); refused.Text != "" {
			l.tell(ctx, p, refused)
			return
		}
		l.open(ctx, p, in.Trigger)
		return
	}
	limited, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	got := make(chan answer.Told, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				l.log.Error("caught a panic", "in", "a command in Slack", "panic", r)
				got <- answer.Told{Text: "attache failed at that; its log says more"}
			}
		}()
		got <- l.desk.Command(limited, p, in.Text)
	}()
	told := answer.Told{Text: "attache is busy just now. Ask again in a moment"}
	select {
	case told = <-got:
	case <-limited.Done():
	}
	l.acknowledge(e, whisper(told, p))
}
