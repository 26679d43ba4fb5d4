package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/store"
)

// overruledSince returns, in words, what people said of the event id in Slack and its file has
// said otherwise behind the revision from, up to to.
func overruledSince(tx *store.Tx, id string, from, to int) (out []string, err error) {
	for n := max(from, 1) + 1; n <= to; n++ {
		rev, ok, err := tx.Revision(id, n)
		if err != nil {
			return nil, err
		}
		if !ok || rev.Author.Via != "file" {
			continue
		}
		before, _, err := tx.Revision(id, n-1)
		if err != nil {
			return nil, err
		}
		for _, field := range rev.Changed {
			words, err := overruledIn(tx, before, rev, field)
			if err != nil {
				return nil, err
			}
			out = append(out, words...)
		}
	}
	return out, nil
}

// overruledIn returns it of one field, for the revision rev of a file and the one before it.
func overruledIn(tx *store.Tx, before, rev event.Revision, field string) ([]string, error) {
	switch field {
	case "when":
		return overruledDates(tx, before, rev)
	case "status", "certainty", "title", "place":
		said, err := lastSaid(tx, before, field)
		if err != nil || said.Author.Via != "slack" {
			return nil, err
		}
		return []string{overrules(rev.Author.Name, said, field+" "+fieldWords(said.Event, field))}, nil
	}
	return nil, nil
}

func overrules(line string, said event.Revision, what string) string {
	return fmt.Sprintf("%s overrules %s, who said in Slack: %s", line, said.Author.Name, what)
}

// overruledDates returns it of the dates that were said: a statement stays beside what the file
// says, and is overruled where the file takes it back, or says what it does not fit.
func overruledDates(tx *store.Tx, before, rev event.Revision) (out []string, err error) {
	was, is := agenda.Compute(before, "", before.At), agenda.Compute(rev, "", rev.At)
	for k, st := range before.Event.When {
		now := statedAt(rev.Event, st)
		if !was.InForce(k) || now >= 0 && is.InForce(now) {
			continue
		}
		said, err := firstSaid(tx, before, st)
		if err != nil {
			return nil, err
		}
		if said.Author.Via == "slack" {
			out = append(out, overrules(lineOfDate(before.Event, rev), said, "date "+cmp.Or(st.Phrase, st.Expr.String())))
		}
	}
	return out, nil
}

// statedAt returns where e has the statement st, and -1 where it has not.
func statedAt(e event.Event, st event.Statement) int {
	content := func(s event.Statement) string {
		return strings.Join([]string{s.ID, s.Expr.String(), s.Phrase, s.Source, s.Quote}, "\x00")
	}
	return slices.IndexFunc(e.When, func(s event.Statement) bool { return content(s) == content(st) })
}

// firstSaid returns the revision, up to rev, by which the statement st came.
func firstSaid(tx *store.Tx, rev event.Revision, st event.Statement) (event.Revision, error) {
	for rev.Number > 1 {
		before, ok, err := tx.Revision(rev.Event.ID, rev.Number-1)
		if err != nil || !ok || statedAt(before.Event, st) < 0 {
			return rev, err
		}
		rev = before
	}
	return rev, nil
}

// lineOfDate returns the line of what the revision rev of a file says of the date anew, else
// that of the event.
func lineOfDate(before event.Event, rev event.Revision) string {
	for _, st := range rev.Event.When {
		if st.Line > 0 && statedAt(before, st) < 0 && rev.Event.Origin.File != "" {
			return event.Position{File: rev.Event.Origin.File, Line: st.Line}.String()
		}
	}
	return rev.Author.Name
}
