package dispatch

import (
	"context"
	"testing"
	"time"

	"attache/internal/notice"
)

// fading is an outbox after the first claim of which the machine is not sure to lead any more.
type fading struct {
	Outbox
	leads *bool
	done  *bool
}

func (o fading) Edit(keys []string, fn func(items []*notice.Item) ([]notice.Item, error)) error {
	claims := false
	err := o.Outbox.Edit(keys, func(items []*notice.Item) ([]notice.Item, error) {
		add, err := fn(items)
		for _, it := range items {
			claims = claims || it.State == notice.Sending
		}
		return add, err
	})
	if claims && !*o.done {
		*o.leads, *o.done = false, true
	}
	return err
}

// The lead was in doubt by the time the claim was in the log: nothing leaves.
func TestLeads_LostWhileClaiming(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		leads, done := true, false
		r.cfg.Leads = func() bool { return leads }
		r.cfg.Outbox = fading{r.run, &leads, &done}
		r.d = New(r.cfg)
		if err := r.d.Recover(context.Background()); err != nil {
			t.Fatal(err)
		}
		r.add(item("a", "desk", 0))
		r.pass(5 * time.Second)
		if n := len(r.sink.made("post")); n != 0 {
			t.Errorf("%d posts were begun without the lead", n)
		}
		leads = true
		r.pass(time.Minute)
		r.wantShown("a")
	})
}
