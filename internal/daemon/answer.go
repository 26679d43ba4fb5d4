package daemon

import (
	"attache/internal/calendar"
)

// Understand reads what a person says of an event, and changes nothing.
func (d *Daemon) Understand(said calendar.Said) (calendar.Answer, error) {
	s := d.state.Load()
	return s.config.Answer(said, s.view, d.o.Now())
}

// Answer records what a person says of an event elsewhere than in its file.
func (d *Daemon) Answer(said calendar.Said) (out calendar.Answered, err error) {
	err = d.guard("an answer", func() error {
		d.changing.Lock()
		defer d.changing.Unlock()
		a, err := d.Understand(said)
		if err == nil {
			out, err = d.calendar.Answer(a, d.o.Now())
		}
		if err != nil || out.Again {
			return err
		}
		d.change(func(next *state) { next.view = out.View })
		d.logRevised(out.Applied)
		d.logNotes(out.Notes)
		d.loop.Wake()
		return nil
	})
	return out, err
}
