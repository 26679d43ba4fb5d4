package daemon

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"attache/internal/calendar"
	"attache/internal/control"
	"attache/internal/notice"
	"attache/internal/store"
)

// Health returns how the daemon is.
func (d *Daemon) Health() control.Health {
	s := d.state.Load()
	h := control.Health{
		Version: d.o.Version, Address: d.Address(), Config: d.owner.Path, Starts: d.starts, Events: len(s.view.Entries()),
		Reload: s.verdict, LastScan: time.Unix(0, d.scanned.Load()).UTC().Format(time.RFC3339),
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
	h.Checks, h.Ready = d.examine(err)
	return h
}

// examine returns of each part whether it does its work, and whether attache is ready. err is
// that of a reading of the database. What people are told of checks comes from here, without
// the secrets that an answer of somebody else may repeat.
func (d *Daemon) examine(err error) (list []control.Check, ready bool) {
	list = append(d.checks(), d.storeCheck(err))
	list = append(list, d.clusterChecks()...)
	ready = well(list) && !d.standsBy()
	list = slices.Concat(list, d.followChecks(), d.answersCheck(), d.issuerChecks())
	return d.veil.checks(list), ready // attache serves what it has without those
}

// answersCheck tells how many answers are not in the files, where there are any.
func (d *Daemon) answersCheck() []control.Check {
	v := d.state.Load().view
	if v == nil {
		return nil
	}
	list, err := v.Unsettled()
	switch {
	case err != nil:
		return []control.Check{{Name: control.AnswersCheck, Words: err.Error()}}
	case len(list) == 0:
		return nil
	}
	return []control.Check{{Name: control.AnswersCheck, OK: true, Words: calendar.UnsettledWords(list) + ": attache settle writes them down"}}
}

func well(checks []control.Check) bool {
	return !slices.ContainsFunc(checks, func(c control.Check) bool { return !c.OK })
}

// storeCheck reports whether the database can be read, by the error of a reading, and whether
// it is still the file at its path.
func (d *Daemon) storeCheck(err error) control.Check {
	if err = cmp.Or(d.db.Lost(), err); err != nil {
		return control.Check{Name: "store", Words: err.Error()}
	}
	return control.Check{Name: "store", OK: true, Words: "reads"}
}

// stalled is how old the last scan may be.
const stalled = 30 * time.Second

// feedWords returns how many feeds are served, and which of them are not complete.
func (d *Daemon) feedWords() string {
	s := d.state.Load()
	words := fmt.Sprintf("%d served", len(s.settings().Feeds))
	for _, f := range s.settings().Feeds {
		if p, _ := s.view.Feed(f.Name); p.CutAhead > 0 && !f.Private {
			words += fmt.Sprintf("; %s: %s", f.Name, p.Incomplete())
		}
	}
	return words
}

// checks returns of each part whether it does its work.
func (d *Daemon) checks() []control.Check {
	out := []control.Check{{Name: "feeds", OK: true, Words: d.feedWords()}}
	age := d.o.Now().Sub(time.Unix(0, d.scanned.Load()))
	scan := control.Check{Name: "schedule", OK: d.scanned.Load() == 0 || age.Abs() < stalled, Words: "runs"}
	if !scan.OK {
		scan.Words = fmt.Sprintf("last ran %s ago", age.Round(time.Second))
	}
	out = append(out, scan)
	out = append(out, d.slackReadiness(), d.deliveryCheck())
	if c, wanted := d.socketCheck(); wanted {
		out = append(out, c)
	}
	return out
}
