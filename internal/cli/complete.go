package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"attache/internal/civil"
	"attache/internal/config"
	"attache/internal/event"
)

// completion is what a shell is offered: each word with what it means behind a tab, and what
// the shell does with it.
type completion = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective)

// completed makes the arguments of a command complete: the id of an event first, then what
// behind offers for it. Words is what was written before, without the id.
func (a *app) completed(behind func(c *config.Config, e event.Event, words []string, word string) []string) completion {
	return func(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		c, err := a.load()
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		if len(args) == 0 {
			var ids []string
			for _, e := range c.Calendar.Events {
				ids = append(ids, e.ID+"\t"+e.Title)
			}
			return begun(ids, word), cobra.ShellCompDirectiveNoFileComp
		}
		e, ok := c.Calendar.Event(args[0])
		if !ok || behind == nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		words := begun(behind(c, e, args[1:], word), word)
		if slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(w, "=") }) {
			return words, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	}
}

// begun returns the words that begin with what is written.
func begun(words []string, written string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return !strings.HasPrefix(w, written) })
}

// nextStatuses returns what can become of an event.
func nextStatuses(_ *config.Config, e event.Event, words []string, _ string) (out []string) {
	for _, s := range event.Statuses() {
		if len(words) == 0 && s != e.Status && s != event.Withdrawn && event.CheckTransition(e.Status, s, "a reason") == nil {
			out = append(out, string(s))
		}
	}
	return out
}

// assignments returns the fields of an event, and behind FIELD= what it can be.
func assignments(c *config.Config, e event.Event, words []string, word string) (out []string) {
	field, _, chosen := strings.Cut(word, "=")
	if !chosen {
		for _, f := range event.Fields() {
			if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, f+"=") }) {
				out = append(out, f+"=")
			}
			if word != "" && strings.HasPrefix(f, strings.TrimSuffix(word, "+")) && event.Adder(f) != nil {
				out = append(out, f+"+=")
			}
		}
		return out
	}
	for _, v := range valuesOf(c, e, strings.TrimSuffix(field, "+")) {
		out = append(out, field+"="+v)
	}
	return out
}

// valuesOf returns what a field of an event can be, as far as that can be listed.
func valuesOf(c *config.Config, e event.Event, field string) []string {
	switch field {
	case "status":
		return nextStatuses(c, e, nil, "")
	case "kind":
		return texts(event.Kinds())
	case "certainty":
		return texts(event.Certainties())
	case "zone":
		return civil.Zones()
	case "calendar":
		return c.Calendars.Names()
	}
	var out []string
	for _, of := range c.Calendar.Events {
		out = append(out, map[string][]string{"place": {of.Place}, "parties": of.Parties, "people": of.People, "topics": of.Topics}[field]...)
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(w string) bool { return w == "" })
}

func texts[W ~string](list []W) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}

// offerWords makes what the files name complete in every command: the id that an argument is,
// and the words of flags.
func (a *app) offerWords(root *cobra.Command) {
	for _, c := range root.Commands() {
		if strings.HasPrefix(c.Use, c.Name()+" ID") && c.ValidArgsFunction == nil {
			c.ValidArgsFunction = a.completed(nil)
		}
		for _, flag := range []string{"source", "topic", "party", "kind", "status", "certainty"} {
			if c.Flags().Lookup(flag) == nil {
				continue
			}
			err := c.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
				return begun(a.wordsOf(flag), word), cobra.ShellCompDirectiveNoFileComp
			})
			if err != nil {
				panic(err) // it is there, and nobody else completes it
			}
		}
	}
}

// wordsOf returns what a flag can be.
func (a *app) wordsOf(flag string) (out []string) {
	switch flag {
	case "kind":
		return texts(event.Kinds())
	case "status":
		return texts(event.Statuses())
	case "certainty":
		return texts(event.Certainties())
	}
	c, err := a.load()
	if err != nil {
		return nil
	}
	if flag != "source" {
		return valuesOf(c, event.Event{}, map[string]string{"topic": "topics", "party": "parties"}[flag])
	}
	for _, s := range c.Calendar.Sources {
		out = append(out, s.Key+"\t"+s.Words())
	}
	return out
}
