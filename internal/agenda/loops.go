package agenda

import (
	"slices"
	"strings"

	"attache/internal/event"
)

// ConditionLoops returns the sets of events whose conditions wait for each other, each
// set and the sets themselves in the order of ids. Nothing decides such conditions
// until somebody states what became of one of the events.
func ConditionLoops(events []event.Event) [][]string {
	g := graph{edges: make(map[string][]string)}
	for _, e := range events {
		if e.Status.Over() {
			continue
		}
		if e.If != nil && e.If.Event != "" {
			g.edges[e.ID] = append(g.edges[e.ID], e.If.Event)
		}
		for _, st := range e.When {
			if st.If.Event != "" && st.SupersededBy == "" {
				g.edges[e.ID] = append(g.edges[e.ID], st.If.Event)
			}
		}
	}
	return g.loops()
}

// WarnLoop warns that the conditions of several events wait for each other.
const WarnLoop = "condition-loop"

// loops marks the conditions of those entries in list that wait for each other.
func loops(list []Entry, byID map[string]int, with []int) {
	g := graph{edges: make(map[string][]string)}
	for _, i := range with {
		for _, c := range list[i].Conditions {
			if c.State == Unknown && c.Known && !list[i].Status.Over() {
				g.edges[list[i].ID] = append(g.edges[list[i].ID], c.Event)
			}
		}
	}
	for _, loop := range g.loops() {
		for _, id := range loop {
			e := &list[byID[id]]
			for k := range e.Conditions {
				if c := &e.Conditions[k]; c.State == Unknown && slices.Contains(loop, c.Event) {
					c.Loop = loop
				}
			}
			e.Warnings = append(e.Warnings, Warning{WarnLoop, strings.Join(loop, ", ") + " wait for each other: record an outcome for one of them, or remove a condition", e.Origin})
		}
	}
}

// graph holds, by id, the ids that one waits for.
type graph struct {
	edges map[string][]string

	number, low map[string]int // in the order of the visit
	stack       []string
	on          map[string]bool
	found       [][]string
}

// loops returns the strongly connected sets of g that have an edge within, after
// Tarjan.
func (g *graph) loops() [][]string {
	g.number, g.low, g.on = make(map[string]int), make(map[string]int), make(map[string]bool)
	for id := range g.edges {
		if g.number[id] == 0 {
			g.visit(id)
		}
	}
	slices.SortFunc(g.found, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	return g.found
}

func (g *graph) visit(id string) {
	n := len(g.number) + 1
	g.number[id], g.low[id] = n, n
	g.stack, g.on[id] = append(g.stack, id), true
	for _, to := range g.edges[id] {
		if g.number[to] == 0 {
			g.visit(to)
			g.low[id] = min(g.low[id], g.low[to])
		} else if g.on[to] {
			g.low[id] = min(g.low[id], g.number[to])
		}
	}
	if g.low[id] != n {
		return
	}
	at := len(g.stack) - 1
	for g.stack[at] != id {
		at--
	}
	set := slices.Clone(g.stack[at:])
	g.stack = g.stack[:at]
	for _, member := range set {
		g.on[member] = false
	}
	if len(set) > 1 || slices.Contains(g.edges[id], id) {
		slices.Sort(set)
		g.found = append(g.found, set)
	}
}
