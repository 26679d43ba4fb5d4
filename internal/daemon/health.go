package daemon

import (
	"fmt"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/control"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/web"
)

// Health says how the daemon is.
func (d *Daemon) Health() control.Health {
	h := control.Health{
		Version: d.o.Version, Address: d.Address(), Events: len(d.shown.Load().entries),
		Reload: *d.verdict.Load(), LastScan: time.Unix(0, d.beat.Load()).UTC().Format(time.RFC3339),
	}
	err := d.db.View(func(tx *store.Tx) error {
		return tx.Items(func(it notice.Item) error {
			switch {
			case it.Notice.Kind == notice.Card && it.State == notice.Pending: // nobody is called by it
			case it.State == notice.Pending:
				h.Pending++
			case it.State == notice.Sending, it.State == notice.Unknown:
				h.InDoubt++
			case it.State == notice.Dead:
				h.Dead++
			}
			return nil
		})
	})
	h.Checks = append(d.checks(), storeCheck(err))
	h.Ready = well(h.Checks)
	h.Checks = append(h.Checks, d.followChecks()...) // attache serves what it has without them
	return h
}

func well(checks []control.Check) bool {
	return !slices.ContainsFunc(checks, func(c control.Check) bool { return !c.OK })
}

func storeCheck(err error) control.Check {
	if err != nil {
		return control.Check{Name: "store", Words: err.Error()}
	}
	return control.Check{Name: "store", OK: true, Words: "reads"}
}

// stalled is how old the last scan may be.
const stalled = 30 * time.Second

// checks says of each part whether it does its work.
func (d *Daemon) checks() []control.Check {
	out := []control.Check{{Name: "feeds", OK: true, Words: fmt.Sprintf("%d served", len(d.shown.Load().edition.feeds))}}
	age := d.o.Now().Sub(time.Unix(0, d.beat.Load()))
	scan := control.Check{Name: "schedule", OK: d.beat.Load() == 0 || age.Abs() < stalled, Words: "runs"}
	if !scan.OK {
		scan.Words = fmt.Sprintf("last ran %s ago", age.Round(time.Second))
	}
	out = append(out, scan)
	return append(out, d.slackCheck(), d.deliveryCheck())
}

// Views returns the events that q chooses, in its order.
func (d *Daemon) Views(q control.Query) []agenda.View {
	all, s := d.shown.Load().entries, d.now.Load()
	list := q.Filter.Select(all)
	q.Order.Sort(list, civil.DateOf(q.Now, d.now.Load().location()))
	out := make([]agenda.View, 0, len(list))
	for _, e := range list {
		out = append(out, s.looked(e, all, q.Now).View(q.Now))
	}
	return out
}

// Why says why the event id is where it is, and false where there is none.
func (d *Daemon) Why(id string) (agenda.WhyView, bool) {
	e, ok := d.shown.Load().entry(id)
	return e.WhyView(), ok
}

// calendar is the daemon as its pages see it.
type calendar Daemon

func (c *calendar) Entries() []agenda.Entry          { return c.shown.Load().entries }
func (c *calendar) Sources() map[string]event.Source { return c.shown.Load().sources }
func (c *calendar) Zone() *time.Location             { return c.now.Load().location() }

func (c *calendar) Revisions(id string) (out []event.Revision, err error) {
	err = c.db.View(func(tx *store.Tx) error {
		out, err = tx.Revisions(id)
		return err
	})
	for i := range out {
		out[i].Event = out[i].Event.Counted(c.now.Load().calendars)
	}
	return out, err
}

func (c *calendar) Feeds() []web.FeedName {
	var out []web.FeedName
	for _, f := range c.now.Load().feeds {
		if !f.Private {
			out = append(out, web.FeedName{Name: f.Name, Title: f.Title})
		}
	}
	return out
}

func (c *calendar) Notices(id string) []web.Notice {
	var items []notice.Item
	err := c.db.View(func(tx *store.Tx) (err error) {
		items, err = tx.ItemsOf(id)
		return err
	})
	if err != nil {
		c.o.Log.Error("read the notices of an event", "event", id, "err", err)
	}
	var out []web.Notice
	for _, it := range items {
		if it.State == notice.Superseded || it.Notice.Kind == notice.Card {
			continue
		}
		n := web.Notice{At: it.Notice.Due, Kind: it.Notice.Kind, Lead: it.Notice.Lead, Channel: it.Channel, State: string(it.State)}
		if !it.SentAt.IsZero() {
			n.At = it.SentAt
		}
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b web.Notice) int { return a.At.Compare(b.At) })
	return out
}

func (c *calendar) Readiness() web.Readiness {
	_, _, err := c.db.Next()
	checks := append((*Daemon)(c).checks(), storeCheck(err))
	v := c.verdict.Load()
	r := web.Readiness{Ready: well(checks), Errors: v.Errors}
	r.ReloadedAt, _ = time.Parse(time.RFC3339, v.At) // we wrote it
	for _, k := range checks {
		r.Checks = append(r.Checks, web.Check{Name: k.Name, OK: k.OK, Words: k.Words})
	}
	return r
}
