package change

import (
	"iter"
	"time"

	"attache/internal/event"
	"attache/internal/when"
)

// mostCompared is how many days of two series are compared: a change that shows on none
// of them is years away.
const mostCompared = 1000

// series returns how what comes again differs, where its first day is the same: the first
// day on which one of the two comes alone shows it. One that was replaced by another
// moved, one that was left out is called off, one that was put in is added.
func series(old, new State) (Change, bool) {
	a, isA := seriesOf(old.Event, new.Event)
	b, isB := seriesOf(new.Event, old.Event)
	switch {
	case !isA && !isB:
		return Change{}, false
	case !isA:
		return Change{Loosened, "date", old.Window.Words(), new.Window.Words() + ", then " + b.Words()}, true
	case !isB:
		return Change{Firmed, "date", old.Window.Words() + ", then " + a.Words(), new.Window.Words()}, true
	}
	gone, come := alone(a, b)
	switch {
	case gone == nil && come == nil:
		return Change{}, false
	case come == nil:
		return Change{Cancelled, "date", gone.Window.Words(), "left out"}, true
	case gone == nil:
		return Change{Added, "date", "", come.Window.Words()}, true
	}
	return Change{moved(gone.Window, come.Window), "date", gone.Window.Words(), come.Window.Words()}, true
}

// seriesOf returns how e comes again. other is another state of it.
func seriesOf(e, other event.Event) (when.Series, bool) {
	for i, st := range e.When {
		for _, o := range other.When {
			st.Expr = st.Expr.Like(o.Expr)
		}
		if s, ok := st.Expr.Series(e.Zone, e.StatementName(i)); ok && st.SupersededBy == "" {
			return s, true
		}
	}
	return when.Series{}, false
}

// alone returns the first occurrence that a has and b does not, and the first that b has
// and a does not; nil where there is none.
func alone(a, b when.Series) (inA, inB *when.Occurrence) {
	nextA, stopA := iter.Pull(a.From(a.First.Add(-around)))
	defer stopA()
	nextB, stopB := iter.Pull(b.From(b.First.Add(-around)))
	defer stopB()
	x, okA := nextA()
	y, okB := nextB()
	for n := 0; (okA || okB) && n < mostCompared && (inA == nil || inB == nil); n++ {
		switch sx, sy := start(x), start(y); {
		case okA && okB && sx.Equal(sy) && !Moved(x.Window, y.Window):
			x, okA = nextA()
			y, okB = nextB()
		case okA && (!okB || !sy.Before(sx)):
			if inA == nil {
				o := x
				inA = &o
			}
			x, okA = nextA()
		default:
			if inB == nil {
				o := y
				inB = &o
			}
			y, okB = nextB()
		}
	}
	return inA, inB
}

// around is more than zones are apart.
const around = 48 * time.Hour

func start(o when.Occurrence) time.Time {
	t, _ := o.Window.Start()
	return t
}
