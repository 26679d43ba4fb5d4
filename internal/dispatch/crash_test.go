package dispatch

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"attache/internal/lengthtest"
	"attache/internal/notice"
)

// told returns how often each key is told by what readers see: by a message of its
// own or by the digest that has it as a member.
func (r *rig) told() map[string]int {
	out := map[string]int{}
	for _, m := range r.sink.shown() {
		it := r.outbox.get(m.key)
		if len(it.Members) == 0 {
			out[m.key]++
		}
		for _, key := range it.Members {
			out[key]++
		}
	}
	return out
}

// wantOnce demands that every key is told once and recorded as sent.
func (r *rig) wantOnce(keys []string) {
	r.t.Helper()
	told := r.told()
	for _, key := range keys {
		if told[key] != 1 {
			r.t.Errorf("%s is told %d times", key, told[key])
		}
		r.wantState(key, notice.Sent, "")
	}
}

// A run is killed at every point of a send: before and after each write of the
// outbox, and while the sink has or has not stored the message. The next run may
// be killed at every point, too.
func TestCrash_OneCopyAfterAKill(t *testing.T) {
	for _, digest := range []bool{false, true} {
		for first := range points {
			for _, second := range seconds(first) {
				t.Run(fmt.Sprintf("digest=%v/%d/%d", digest, first, second), func(t *testing.T) {
					inBubble(t, func(t *testing.T, r *rig) {
						keys := r.fill(digest)
						for _, p := range []int{first, second} {
							r.dieAt(p)
							r.pass(20 * time.Second)
							r.kill()
							r.sink.fault = nil
							r.start()
						}
						r.pass(10 * time.Minute)
						r.wantOnce(keys)
					})
				})
			}
		}
	}
}

// The same for an event with a card: a change of the card and a reply, killed at every
// point of theirs.
func TestCrash_OneCardAndReplyAfterAKill(t *testing.T) {
	for first := range points {
		for _, second := range seconds(first) {
			t.Run(fmt.Sprintf("%d/%d", first, second), func(t *testing.T) {
				inBubble(t, func(t *testing.T, r *rig) {
					r.add(item("a-root", "desk", time.Minute, of("x")))
					r.pass(3 * time.Second)
					r.stop()
					r.add(item("b-reply", "desk", time.Second, of("x")), item("c-reply", "desk", 0, of("x")))
					r.revise("x", time.Now())
					r.start()
					for _, p := range []int{first, second} {
						r.dieAt(p)
						r.pass(20 * time.Second)
						r.kill()
						r.sink.fault = nil
						r.start()
					}
					r.pass(10 * time.Minute)
					r.wantOnce([]string{"a-root", "b-reply", "c-reply"})
					r.wantShown("a-root", "b-reply", "c-reply")
					r.wantCard("x", "a-root")
					r.wantCardsCurrent()
					r.wantNothingOpen()
				})
			})
		}
	}
}

// fill puts items into the outbox that go out singly, or in a digest.
func (r *rig) fill(digest bool) (keys []string) {
	n := 3
	if digest {
		n = 7
	}
	for _, it := range many(n, "desk", time.Minute) {
		r.add(it)
		keys = append(keys, it.Key)
	}
	return keys
}

// points is how many points dieAt knows. Three items take six writes.
const points = 1 + 7 + 7 + 2*3

// seconds returns the points at which the second run is killed where the first was killed at
// first: all of them at full length, and else a few, so that each comes after some first.
func seconds(first int) (out []int) {
	step := lengthtest.Of(5, 1)
	for p := first % step; p < points; p += step {
		out = append(out, p)
	}
	return out
}

// dieAt arranges for the present run to die at a point. At 0 it dies at its end.
func (r *rig) dieAt(p int) {
	switch {
	case p == 0:
	case p <= 7:
		r.run.before = p
	case p <= 14:
		r.run.after = p - 7
	default:
		n, stored := (p-15)/2, (p-15)%2 == 0
		run, seen := r.run, 0
		r.sink.fault = func(c call) fault {
			if c.verb != "post" && c.verb != "update" {
				return fault{}
			}
			if seen++; seen != n+1 {
				return fault{}
			}
			run.set(true)
			return fault{hang: -1, store: stored}
		}
	}
}

// rehearse plays a drawn plan in a bubble, lets everything come to its end, and
// reports what check finds.
func rehearse(t *testing.T, rt *rapid.T, policy Policy, faults []notice.Result, check func(r *rig, keys []string, kills int)) {
	plan := drawPlan(rt, faults)
	var found problems
	synctest.Test(t, func(t *testing.T) {
		r := newRig(&found)
		r.policy = policy
		r.sink.fault = plan.fault(policy != Hold)
		var keys []string
		for i, p := range plan.steps {
			for _, a := range p.items {
				it := item(fmt.Sprintf("%02d-%s-%d", i, a.event, len(keys)), a.channel, a.ago, of(a.event))
				r.add(it)
				keys = append(keys, it.Key)
			}
			for _, e := range p.edits {
				r.revise(e, time.Now())
			}
			r.pass(p.wait)
			if p.kill {
				r.kill()
				r.start()
			}
		}
		r.sink.mu.Lock()
		r.sink.fault = plan.unreadable(policy != Hold)
		r.sink.mu.Unlock()
		r.pass(40 * time.Minute)
		check(r, keys, plan.kills())
		r.stop()
	})
	if len(found) > 0 {
		rt.Fatal(strings.Join(found, "\n"))
	}
}

type plan struct {
	steps  []step
	faults []fault // of the calls, in turn
}

type step struct {
	items []arrival
	edits []string // events
	wait  time.Duration
	kill  bool
}

type arrival struct {
	event, channel string
	ago            time.Duration
}

func drawPlan(rt *rapid.T, results []notice.Result) plan {
	var p plan
	for range rapid.IntRange(1, 8).Draw(rt, "steps") {
		s := step{kill: rapid.IntRange(0, 3).Draw(rt, "kill") == 0}
		s.wait = time.Duration(rapid.IntRange(0, 40).Draw(rt, "wait")) * time.Second
		for range rapid.IntRange(0, 9).Draw(rt, "items") {
			s.items = append(s.items, arrival{
				event:   rapid.SampledFrom([]string{"v", "w", "x", "y", "z"}).Draw(rt, "event"),
				channel: rapid.SampledFrom([]string{"desk", "board"}).Draw(rt, "channel"),
				ago:     time.Duration(rapid.IntRange(0, 5).Draw(rt, "ago")) * time.Second,
			})
		}
		s.edits = rapid.SliceOfN(rapid.SampledFrom([]string{"v", "w", "x"}), 0, 3).Draw(rt, "edits")
		p.steps = append(p.steps, s)
	}
	for range rapid.IntRange(1, 30).Draw(rt, "calls") {
		p.faults = append(p.faults, drawFault(rt, results))
	}
	return p
}

func drawFault(rt *rapid.T, results []notice.Result) fault {
	if rapid.IntRange(0, 2).Draw(rt, "fine") > 0 {
		return fault{hang: time.Duration(rapid.IntRange(0, 3).Draw(rt, "slow")) * time.Second}
	}
	switch result := rapid.SampledFrom(results).Draw(rt, "result"); result {
	case "panic":
		return fault{panic: "boom"}
	case "hang":
		return fault{hang: -1, store: rapid.Bool().Draw(rt, "stored")}
	case notice.InDoubt, notice.Limited:
		return fault{err: failed(result, "drawn"), store: rapid.Bool().Draw(rt, "stored")}
	default:
		return fault{err: failed(result, "drawn")}
	}
}

// fault returns the faults of the calls, in turn. A look is never refused.
func (p plan) fault(unreadable bool) func(call) fault {
	n := 0
	rest := p.unreadable(unreadable)
	return func(c call) fault {
		if f := rest(c); f.err != nil {
			return f
		}
		n++
		f := p.faults[n%len(p.faults)]
		if c.verb != "post" {
			f.store = false
		}
		return f
	}
}

func (p plan) unreadable(yes bool) func(call) fault {
	return func(c call) fault {
		if yes && c.verb == "find" {
			return fault{err: failed(notice.Unreadable, "missing_scope")}
		}
		return fault{}
	}
}

// kills returns how often something may have been cut short: by the end of a run,
// or by a fault that leaves a doubt.
func (p plan) kills() (n int) {
	for _, s := range p.steps {
		if s.kill {
			n++
		}
	}
	return n
}

var results = []notice.Result{notice.NotSent, notice.Limited, notice.ChannelDown, notice.SinkDown, notice.InDoubt, "panic", "hang"}

func TestCrash_OnceAndInOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rehearse(t, rt, Hold, results, func(r *rig, keys []string, _ int) {
			r.wantOnce(keys)
			r.wantNothingOpen()
			r.wantOrder(keys)
			r.wantCardsCurrent()
		})
	})
}

func TestCrash_ResendLosesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rehearse(t, rt, Resend, results, func(r *rig, keys []string, _ int) {
			told := r.told()
			for _, key := range keys {
				if told[key] == 0 {
					r.t.Errorf("%s is lost", key)
				}
			}
			r.wantNothingOpen()
		})
	})
}

func TestCrash_KillsDoubleAtMostTheirOwn(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rehearse(t, rt, Resend, []notice.Result{notice.NotSent}, func(r *rig, keys []string, kills int) {
			told, twice := r.told(), 0
			for _, m := range slices.Sorted(slices.Values(r.sink.keys())) {
				if it := r.outbox.get(m); len(it.Members) > 0 && told[it.Members[0]] > 1 || told[m] > 1 {
					twice++
				}
			}
			for _, key := range keys {
				if told[key] == 0 {
					r.t.Errorf("%s is lost", key)
				}
			}
			if twice > 2*2*kills { // two channels, and both copies are counted
				r.t.Errorf("%d copies after %d kills", twice, kills)
			}
		})
	})
}

// wantOrder demands that of the items of an event that came together into the
// outbox, none is told before one that was due before it.
func (r *rig) wantOrder(keys []string) {
	r.t.Helper()
	place := map[string]int{}
	for i, m := range r.sink.shown() {
		place[m.key] = i
		for _, key := range r.outbox.get(m.key).Members {
			place[key] = i
		}
	}
	for _, a := range keys {
		for _, b := range keys {
			x, y := r.outbox.get(a), r.outbox.get(b)
			together := a[:2] == b[:2] && x.Channel == y.Channel && x.Notice.Event == y.Notice.Event
			if together && x.Notice.Due.Before(y.Notice.Due) && place[a] > place[b] {
				r.t.Errorf("%s is told after %s", a, b)
			}
		}
	}
}

// wantCardsCurrent demands that every card shows the current revision, and every reply
// stands under the card of its event.
func (r *rig) wantCardsCurrent() {
	r.t.Helper()
	cards := map[string]notice.Item{}
	for _, it := range r.outbox.all() {
		if isCard(it) {
			cards[it.TS] = it
		}
	}
	for _, m := range r.sink.shown() {
		if c, ok := cards[m.ts]; ok && m.text.Revision != 1+r.events[c.Notice.Event] {
			r.t.Errorf("the card of %s shows revision %d of %d: %+v", c.Notice.Event, m.text.Revision, 1+r.events[c.Notice.Event], c)
		}
		if _, ok := cards[m.thread]; m.thread != "" && !ok {
			r.t.Errorf("%s replies to %s, which is no card", m.key, m.thread)
		}
	}
}

// wantNothingOpen demands that every item has come to an end.
func (r *rig) wantNothingOpen() {
	r.t.Helper()
	for _, it := range r.outbox.all() {
		switch it.State {
		case notice.Sent, notice.Superseded:
		case notice.Dead:
			if it.LastError == "" {
				r.t.Errorf("%s is dead for no reason", it.Key)
			}
		default:
			r.t.Errorf("%s is still %s (%s)", it.Key, it.State, it.LastError)
		}
	}
}
