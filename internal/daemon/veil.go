package daemon

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"

	"attache/internal/config"
	"attache/internal/control"
)

// veil hides what is secret in all that leaves the process for people: the log, the pages,
// what health says. Each message is made without secrets; the veil is for the one that was
// not, such as an answer of somebody else that repeats what we sent.
type veil struct {
	known atomic.Pointer[[]config.Secret]
}

// learn takes the secrets of c for those to be hidden.
func (v *veil) learn(c *config.Config, env func(string) string) {
	known := c.Secrets(env)
	v.known.Store(&known)
}

// hide returns text without the secrets in it.
func (v *veil) hide(text string) string {
	if known := v.known.Load(); known != nil {
		return config.Hide(text, *known)
	}
	return config.Hide(text, nil)
}

// checks hides what is secret in checks.
func (v *veil) checks(list []control.Check) []control.Check {
	for i := range list {
		list[i].Words = v.hide(list[i].Words)
	}
	return list
}

// over returns a log that hides what is secret.
func (v *veil) over(log *slog.Logger) *slog.Logger { return slog.New(veiled{log.Handler(), v}) }

// veiled is a handler behind a veil.
type veiled struct {
	slog.Handler
	veil *veil
}

// Handle passes the record on without what is secret in it.
func (h veiled) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, r.Level, h.veil.hide(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		out.AddAttrs(h.hidden(a))
		return true
	})
	return h.Handler.Handle(ctx, out)
}

// WithAttrs returns a handler that adds attributes to each record.
func (h veiled) WithAttrs(list []slog.Attr) slog.Handler {
	out := make([]slog.Attr, len(list))
	for i, a := range list {
		out[i] = h.hidden(a)
	}
	return veiled{h.Handler.WithAttrs(out), h.veil}
}

// WithGroup returns a handler whose attributes stand in a group.
func (h veiled) WithGroup(name string) slog.Handler { return veiled{h.Handler.WithGroup(name), h.veil} }

// hidden returns a as it is, or as text where there is something to hide in it.
func (h veiled) hidden(a slog.Attr) slog.Attr {
	text := fmt.Sprint(a.Value.Resolve().Any())
	if hidden := h.veil.hide(text); hidden != text {
		return slog.String(a.Key, hidden)
	}
	return a
}
