package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/agenda"
	"attache/internal/answer"
	"attache/internal/notice"
	"attache/internal/slack/slacktest"
)

var nobody agenda.Entry

var bob = slacktest.Person{ID: "U0BOB", Name: "Bob"}

// tables is a Desk that writes down what it is asked.
type tables struct {
	mu      sync.Mutex
	kept    map[string]answer.Press
	applied []answer.Press
	done    map[string]bool
	refuses string
	keepErr error
	slow    time.Duration // of a command
	form    answer.Form
}

func (d *tables) Refuses(answer.Press) answer.Told { return answer.Told{Text: d.refuses} }
func (d *tables) Form(p answer.Press) (answer.Form, answer.Told, bool) {
	return d.form, answer.Told{Text: "there is no such event"}, p.Event != "gone"
}
func (d *tables) Check(p answer.Press) map[string]string {
	if strings.Contains(p.Fields["when"], "32") {
		return map[string]string{"when": strings.Repeat("May has 31 days. ", 100)}
	}
	return nil
}
func (d *tables) Preview(p answer.Press) string { return "Understood: " + p.Fields["when"] }
func (d *tables) Unknown(p answer.Press) answer.Told {
	return answer.Told{Text: "That button is old", Event: p.Event, Revision: 9, Answers: notice.AnswersTo(nobody)}
}
func (d *tables) Done(p answer.Press) { d.mu.Lock(); defer d.mu.Unlock(); d.done[p.Key] = true }
func (d *tables) Home(context.Context, answer.Press) []answer.Section {
	return []answer.Section{{Title: "Awaits an answer", Lines: []notice.Line{{Title: "The talks", Date: "3 May"}}}, {Title: "Next", None: "nothing"}}
}
func (d *tables) Command(_ context.Context, _ answer.Press, text string) answer.Told {
	time.Sleep(d.slow)
	if text == "panic" {
		panic("a mistake")
	}
	return answer.Told{Text: "next: " + text + "\n<!channel> & ```", Fixed: true}
}
func (d *tables) Keep(p answer.Press) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, had := d.kept[p.Key]
	if d.keepErr == nil {
		d.kept[p.Key] = p
	}
	return !had, d.keepErr
}
func (d *tables) Apply(_ context.Context, p answer.Press) answer.Told {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.applied = append(d.applied, p)
	return answer.Told{Text: "Recorded: " + string(p.Do) + " <!channel>"}
}

// all returns what was applied.
func (d *tables) all() []answer.Press {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.applied)
}

func (d *tables) keeps() int { d.mu.Lock(); defer d.mu.Unlock(); return len(d.kept) }
func (d *tables) dones() int { d.mu.Lock(); defer d.mu.Unlock(); return len(d.done) }

// counter is where people press: a listener, the desk behind it, and the Slack before it.
type counter struct {
	*slacktest.Server
	desk *tables
	ts   string // of a message with buttons
}

// atCounter runs a test with a message in a channel that takes answers.
func atCounter(t *testing.T, test func(t *testing.T, c *counter)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := &counter{Server: slacktest.New(), desk: &tables{kept: map[string]answer.Press{}, done: map[string]bool{}, form: someForm(t)}}
		defer c.Close()
		s, err := New(Config{Token: slacktest.Token, APIURL: c.URL(), HTTPClient: &http.Client{Transport: c.RoundTripper()}, Listens: func() bool { return true }})
		if err != nil {
			t.Fatal(err)
		}
		l := Listen(s, c.desk, time.Now, slog.New(slog.DiscardHandler))
		k, err := NewSocket(SocketConfig{Token: slacktest.AppToken, APIURL: c.URL(), HTTPClient: &http.Client{Transport: c.RoundTripper()}, Dial: c.Dial, Hear: l.Hear})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { k.Run(ctx); close(done) }()
		m := messages(t)["outcome"]
		m.Revision = 3
		r, err := s.Post(ctx, notice.Post{Key: "k7", Event: m.Event, Revision: 3, Channel: "general", Message: m})
		if err != nil {
			t.Fatal(err)
		}
		c.ts = r.TS
		synctest.Wait()
		test(t, c)
		stop()
		<-done
		if p := c.Problems(); len(p) > 0 {
			t.Error(p)
		}
	})
}

func someForm(t testing.TB) answer.Form {
	return answer.FormOf(answer.Press{Do: notice.SayDate}, beijing(t), utc("2025-11-03 12:00"))
}

// lastWhisper returns what a person alone was told last.
func (c *counter) lastWhisper(by slacktest.Person) string {
	all := c.Whispers(by.ID)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1].Shown()
}

func wait(t *testing.T, e *slacktest.Envelope) {
	t.Helper()
	if _, err := e.Wait(); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

func TestPress_HasOneEffectAndItsPersonIsTold(t *testing.T) {
	atCounter(t, func(t *testing.T, c *counter) {
		e := c.Press(alice, "general", c.ts, "attache.got")
		wait(t, e)
		wait(t, e.Again())
		if len(c.desk.all()) != 1 || c.desk.dones() != 1 {
			t.Fatalf("applied %d times, done %d", len(c.desk.all()), c.desk.dones())
		}
		p := c.desk.all()[0]
		if p.Event != "trump-xi" || p.Revision != 3 || p.Notice != "k7" || p.Do != notice.SayGot || p.By.ID != alice.ID || p.By.Name != "alice" ||
			p.Channel != slacktest.General || p.Link != "https://test.slack.com/archives/C0GENERAL/p"+strings.ReplaceAll(c.ts, ".", "") {
			t.Errorf("%+v", p)
		}
		if said := c.lastWhisper(alice); said != "Recorded: got <!channel>" || len(c.Whispers(bob.ID)) > 0 {
			t.Errorf("told: %q", said)
		}
		wait(t, c.Press(alice, "general", c.ts, "attache.got"))
		wait(t, c.Choose(bob, "general", c.ts, "attache.more", "later 3d"))
		if n := len(c.desk.all()); n != 3 || c.desk.all()[2].Until != "3d" || c.desk.all()[2].By.Name != "bob" {
			t.Errorf("%d: %+v", n, c.desk.all())
		}
	})
}

func TestPress_AcknowledgedInTimeWhileSlackTakesTenSeconds(t *testing.T) {
	atCounter(t, func(t *testing.T, c *counter) {
		c.Fail(func(call slacktest.Call) slacktest.Fault {
			if call.Method == "apps.connections.open" {
				return slacktest.Fault{}
			}
			return slacktest.Fault{Hold: 10 * time.Second}
		})
		for range 100 {
			e := c.Press(alice, "general", c.ts, "attache.got")
			if _, err := e.Wait(); err != nil || e.Took() > 100*time.Millisecond {
				t.Fatalf("%v after %s", err, e.Took())
			}
		}
		time.Sleep(10 * time.Minute)
		if len(c.desk.all()) != 100 || len(c.Whispers(alice.ID)) != 100 {
			t.Errorf("%d applied, %d told", len(c.desk.all()), len(c.Whispers(alice.ID)))
		}
	})
}

func TestPress_ThatCannotBeKeptIsAnErrorToItsPerson(t *testing.T) {
	atCounter(t, func(t *testing.T, c *counter) {
		c.desk.keepErr = errors.New("the disk is full")
		if _, err := c.Press(alice, "general", c.ts, "attache.got").Wait(); !errors.Is(err, slacktest.ErrUnheard) || len(c.desk.all()) > 0 {
			t.Errorf("%v, %d applied", err, len(c.desk.all()))
		}
	})
}

func TestPress_RefusedInWords(t *testing.T) {
	atCounter(t, func(t *testing.T, c *counter) {
		c.desk.refuses = "Only the trade desk answers here. Ask Bob"
		for _, do := range []string{"attache.got", "attache.outcome"} {
			wait(t, c.Press(alice, "general", c.ts, do))
			if said := c.lastWhisper(alice); said != c.desk.refuses || c.desk.keeps() > 0 {
				t.Errorf("%s: %q", do, said)
			}
		}
		wait(t, c.Command(alice, "general", "add The talks"))
		if n := len(c.Whispers(alice.ID)); n != 3 {
			t.Errorf("%d refusals", n)
		}
		if _, open := c.View(alice.ID); open {
			t.Error("a form is open")
		}
	})
}

func TestForm_OpensBeforeAnythingIsKeptAndIsReadBack(t *testing.T) {
	atCounter(t, func(t *testing.T, c *counter) {
		wait(t, c.Press(alice, "general", c.ts, "attache.date"))
		if v, open := c.View(alice.ID); !open || v.Title != "New date" || c.desk.keeps() > 0 {
			t.Fatalf("%+v, %d kept", v, c.desk.keeps())
		}
		wait(t, c.Type(alice, "when", "in May"))
		if v, _ := c.View(alice.ID); !strings.Contains(v.Shown(), "Understood: in May") {
			t.Errorf("no preview:\n%s", v.Shown())
		}
		wait(t, c.Submit(alice, map[string]string{"when": "32 May"}))
		v, open := c.View(alice.ID)
		if !open || !strings.HasPrefix(v.Errors["when"], "May has 31 days.") || len([]rune(v.Errors["when"])) > maxProblem || c.desk.keeps() > 0 {
			t.Fatalf("%+v, %d kept", v.Errors, c.desk.keeps())
		}
		e := c.Submit(alice, map[string]string{"when": "31 May", "reason": "they said so"})
		wait(t, e)
		wait(t, e.Again())
		if _, open := c.View(alice.ID); open || len(c.desk.all()) != 1 {
			t.Fatalf("open: %v, applied %d times", open, len(c.desk.all()))
		}
		p := c.desk.all()[0]
		if p.Fields["when"] != "31 May" || p.Fields["reason"] != "they said so" || p.Fields["certainty"] != "possible" || p.Event != "trump-xi" || p.Revision != 3 || p.TS != c.ts {
			t.Errorf("%+v", p)
		}
	})
}

func TestForm_TooLateIsToldPolitely(t *testing.T) {
	for name, f := range map[string]slacktest.Fault{
		"expired": {Skip: true, Answer: slacktest.Error("expired_trigger_id")}, "slow": {Skip: true, Hold: 10 * time.Second},
	} {
		atCounter(t, func(t *testing.T, c *counter) {
			c.FailNext("views.open", f)
			wait(t, c.Press(alice, "general", c.ts, "attache.date"))
			time.Sleep(20 * time.Second)
			if said := c.lastWhisper(alice); !strings.Contains(said, "Press once more") || !strings.Contains(said, "New date…") {
				t.Errorf("%s: %q", name, said)
			}
		})
	}
}

func TestCommand_Answers(t *testing.T) {
	atCounter(t, func(t *testing.T, c *counter) {
		wait(t, c.Command(alice, "general", "next week"))
		if said := c.lastWhisper(alice); said != "```\nnext: next week\n<!channel> & '''\n```" || len(c.Whispers(alice.ID)[0].Mentions) > 0 {
			t.Errorf("%q", said)
		}
		wait(t, c.Command(alice, "general", "panic"))
		if said := c.lastWhisper(alice); !strings.Contains(said, "failed") {
			t.Errorf("%q", said)
		}
		c.desk.slow = time.Minute
		e := c.Command(alice, "general", "next")
		if _, err := e.Wait(); err != nil || e.Took() > 3*time.Second || !strings.Contains(c.lastWhisper(alice), "busy") {
			t.Errorf("%v: %q", err, c.lastWhisper(alice))
		}
		time.Sleep(2 * time.Minute)
	})
}

func TestHome_IsShownWhenItIsOpened(t *testing.T) {
	atCounter(t, func(t *testing.T, c *counter) {
		wait(t, c.OpenHome(alice))
		if v, ok := c.Home(alice.ID); !ok || !strings.Contains(v.Shown(), "Awaits an answer\n• *The talks* — 3 May\nNext\nnothing") {
			t.Errorf("%q", v.Shown())
		}
	})
}

func TestListener_PayloadsWithWhateverIsMissing(t *testing.T) {
	atCounter(t, func(t *testing.T, c *counter) {
		press := c.Press(alice, "general", c.ts, "attache.got")
		wait(t, press)
		wait(t, c.Press(alice, "general", c.ts, "attache.date"))
		form := c.Submit(alice, map[string]string{"when": "31 May"})
		wait(t, form)
		home, command := c.OpenHome(alice), c.Command(alice, "general", "next")
		wait(t, home)
		wait(t, command)
		before := len(c.desk.all())
		for _, e := range []*slacktest.Envelope{press, form, home, command} {
			for i, text := range damaged(e.Payload) {
				c.SendFrame(fmt.Sprintf(`{"envelope_id":"B%d","type":%q,"payload":%s}`, i, e.Type, text))
				synctest.Wait()
			}
		}
		time.Sleep(time.Minute)
		wait(t, c.Press(bob, "general", c.ts, "attache.got"))
		if p := c.desk.all()[len(c.desk.all())-1]; p.By.ID != bob.ID {
			t.Errorf("after %d broken payloads %+v is applied", len(c.desk.all())-before, p)
		}
		for _, p := range c.desk.all() {
			if p.By.ID == "" || p.Key == "" || p.Event == "" && p.Do != answer.Add {
				t.Errorf("applied: %+v", p)
			}
		}
	})
}

// damaged returns a payload with each of its keys taken out, or given a value of another type.
func damaged(payload json.RawMessage) (out []string) {
	var whole any
	if err := json.Unmarshal(payload, &whole); err != nil {
		panic(err) // it was delivered
	}
	text := func() {
		b, err := json.Marshal(whole)
		if err != nil {
			panic(err) // as above
		}
		out = append(out, string(b))
	}
	var each func(v any)
	each = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, was := range v {
				delete(v, k)
				text()
				for _, other := range []any{nil, 7, "x", []any{}, map[string]any{}, []any{nil}, strings.Repeat("w", 3000)} {
					v[k] = other
					text()
				}
				v[k] = was
				each(was)
			}
		case []any:
			for _, item := range v {
				each(item)
			}
		}
	}
	each(whole)
	return out
}

func TestPress_OfAnotherReleaseIsTold(t *testing.T) {
	for name, value := range map[string]string{"older": "trump-xi|3", "newer": "2|trump-xi|3|k|x", "none": "", "garbage": "\x00|\x00", "a bad revision": "1|trump-xi|x|k"} {
		atCounter(t, func(t *testing.T, c *counter) {
			var p map[string]any
			e := c.Press(alice, "general", c.ts, "attache.got")
			wait(t, e)
			if err := json.Unmarshal(e.Payload, &p); err != nil {
				t.Fatal(err)
			}
			p["actions"].([]any)[0].(map[string]any)["value"] = value
			b, _ := json.Marshal(p) // it was read just now
			c.SendFrame(`{"envelope_id":"B","type":"interactive","payload":` + string(b) + `}`)
			time.Sleep(time.Second)
			if said := c.lastWhisper(alice); !strings.HasPrefix(said, "That button is old") || len(c.desk.all()) != 1 {
				t.Errorf("%s: %q", name, said)
			}
		})
	}
}

func TestReply_OnlyToSlack(t *testing.T) {
	s, err := New(Config{Token: slacktest.Token})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"", "http://hooks.slack.com/x", "https://hooks.slack.com.evil.example/x", "https://x@hooks.slack.com/", "file:///etc/passwd", "https://127.0.0.1/"} {
		if err := s.reply(t.Context(), address, whispered{}); err == nil || !strings.Contains(err.Error(), "not one of Slack's") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestGolden_Answers(t *testing.T) {
	now := utc("2025-11-03 12:00")
	forms := map[string]answer.Form{
		"form-outcome": answer.FormOf(answer.Press{Do: notice.SayOutcome}, meeting(t), now),
		"form-date":    someForm(t),
		"form-snooze":  answer.FormOf(answer.Press{Do: notice.SayLater}, meeting(t), now),
		"form-add":     answer.FormOf(answer.Press{Do: answer.Add}, nobody, now),
	}
	for name, f := range forms {
		v := view(f, answer.Press{Do: notice.SayDate, Event: "beijing-visit", Revision: 2, Channel: "C0GENERAL"}, "Understood: one day between Sat 16 and Sun 31 May 2026")
		b, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".json", append(readable(b), '\n'))
	}
	all := messages(t)
	asked := func(list ...string) notice.Message {
		var of []notice.Message
		for _, n := range list {
			of = append(of, all[n])
		}
		return notice.Merge(of, now)
	}
	for name, m := range map[string]notice.Message{
		"buttons-outcome": all["outcome"], "buttons-stale": all["stale"], "buttons-window": all["window"], "buttons-reminder": all["reminder"],
		"buttons-card": cards(t)["card-window"], "buttons-rows": asked("outcome", "stale", "window"),
	} {
		p := post(m)
		p.Buttons = true
		golden(t, name+".json", append(payloadJSON(t, p), '\n'))
	}
}

func TestAnswers_LongestEventThereIs(t *testing.T) {
	long := beijing(t)
	long.Title = strings.Repeat("𝔘<&>", 3000)
	long.ID = strings.Repeat("x", 128)
	p := answer.Press{Event: long.ID, Revision: 1 << 30, Notice: strings.Repeat("k", 26), Channel: "C0GENERAL", TS: "1.000001",
		Reply: "https://hooks.slack.com/actions/T0/" + strings.Repeat("x", 200), By: answer.Person{Name: strings.Repeat("n", 80)}}
	s := slacktest.New()
	defer s.Close()
	client, err := New(Config{Token: slacktest.Token, APIURL: s.URL(), HTTPClient: &http.Client{Transport: s.RoundTripper()}, Listens: func() bool { return true }})
	if err != nil {
		t.Fatal(err)
	}
	for _, do := range []notice.Answer{notice.SayOutcome, notice.SayDate, notice.SayLater, answer.Add} {
		p.Do = do
		var c struct{ Trigger_ID string }
		decode(s.Command(alice, "general", "add").Payload, &c)
		if err := client.openView(t.Context(), c.Trigger_ID, view(answer.FormOf(p, long, time.Now()), p, strings.Repeat("<𝔘>", 3000))); err != nil {
			t.Errorf("%s: %v", do, err)
		}
	}
	told := answer.Told{Text: strings.Repeat("<𝔘>", 3000), Event: long.ID, Revision: 1 << 30, Answers: notice.AnswersTo(long)}
	p.By.ID = alice.ID
	if err := client.whisper(t.Context(), p, whisper(told, p)); err != nil {
		t.Error(err)
	}
	told.Fixed, told.Text = true, strings.Repeat(strings.Repeat("<", 100)+"\n", 3000)
	if err := client.whisper(t.Context(), p, whisper(told, p)); err != nil {
		t.Error(err)
	}
	var rows []notice.Message
	for i := range 40 {
		e := long
		e.ID = fmt.Sprintf("%s-%d", strings.Repeat("x", 120), i)
		m := wrote(notice.Notice{Kind: notice.Outcome, About: notice.ItsEnd}, e, time.Now(), nil, "")
		m.Revision = 1 << 30
		rows = append(rows, m)
		merged := notice.Merge(rows, time.Now())
		if _, err := client.Post(t.Context(), notice.Post{Key: strings.Repeat("k", 26), Channel: "general", Message: merged}); err != nil {
			t.Errorf("%d rows: %v", len(rows), err)
		}
	}
}

func TestAnswers_EachRowThatHasRoomHasItsOwn(t *testing.T) {
	for name, tt := range map[string]struct{ rows, title, below, beside int }{
		"a message full of short ones": {MostRows, 30, MostRows, 0},
		"longer ones":                  {MostRows, 150, 0, MostRows},
		"more than a message holds":    {40, 30, 0, 32},
		"longer than a message holds":  {30, 150, 0, 14},
	} {
		var list []notice.Message
		for i := range tt.rows {
			e := meeting(t)
			e.ID, e.Title = fmt.Sprint("e", i), strings.Repeat("x", tt.title)+fmt.Sprint(" <", i, ">")
			list = append(list, wrote(notice.Notice{Kind: notice.Outcome, About: notice.ItsEnd}, e, time.Now(), nil, ""))
		}
		p := post(notice.Merge(list, time.Now()))
		p.Buttons = true
		text := string(payloadJSON(t, p))
		below, beside := strings.Count(text, `"actions"`), strings.Count(text, `"accessory"`)
		if below != tt.below || beside != tt.beside {
			t.Errorf("%s: %d have buttons and %d a menu, want %d and %d", name, below, beside, tt.below, tt.beside)
		}
		if bare := tt.rows - below - beside; bare > 0 && !strings.Contains(text, fmt.Sprintf(noButtons, bare)) {
			t.Errorf("%s: it does not say how the last %d are answered", name, bare)
		}
		for i := range tt.rows {
			if !strings.Contains(text, fmt.Sprintf(" &lt;%d&gt;", i)) {
				t.Errorf("%s: row %d is not there", name, i)
			}
		}
	}
}

// FuzzListener gives the listener payloads of any shape.
func FuzzListener(f *testing.F) {
	for _, seed := range []string{
		`{"type":"block_actions","user":{"id":"U1"},"team":{"id":"T"},"container":{"channel_id":"C0GENERAL","message_ts":"1.2"},"actions":[{"action_id":"attache.got","value":"1|e|1|k","action_ts":"1"}]}`,
		`{"type":"view_submission","user":{"id":"U1"},"view":{"id":"V","callback_id":"attache","private_metadata":"{\"do\":\"date\"}","state":{"values":{"when":{"field":{"value":"x"}}}}}}`,
		`{"event":{"type":"app_home_opened","user":"U1"}}`, `{"text":"next","user_id":"U1"}`, `null`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	d := &tables{kept: map[string]answer.Press{}, done: map[string]bool{}}
	s := slacktest.New()
	f.Cleanup(s.Close)
	client, err := New(Config{Token: slacktest.Token, APIURL: s.URL(), HTTPClient: &http.Client{Transport: s.RoundTripper()}})
	if err != nil {
		f.Fatal(err)
	}
	l := Listen(client, d, time.Now, slog.New(slog.DiscardHandler))
	f.Fuzz(func(t *testing.T, payload []byte) {
		for _, kind := range []string{"interactive", "slash_commands", "events_api"} {
			acks := 0
			l.Hear(t.Context(), Envelope{Type: kind, Payload: payload, Ack: func(any) error { acks++; return nil }})
			if acks != 1 {
				t.Errorf("%s: acknowledged %d times", kind, acks)
			}
		}
	})
}
