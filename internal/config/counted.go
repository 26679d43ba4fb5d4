package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"attache/internal/when"
)

// calendarName reads the name of a calendar that there is.
func (c *calendarReader) calendarName(f field) string {
	n := c.scalar(f)
	if n == nil {
		return ""
	}
	if _, ok := c.calendars.Find(n.Value); !ok {
		c.fail(n, "%s", oneLine(c.calendars.Missing(n.Value).Error()))
		return ""
	}
	return n.Value
}

// counted returns e with its business days counted by the calendar that it names, or else
// by that of its statement, f, or of its event. The error says which there is not.
func (c *calendarReader) counted(e when.Expr, f field) (when.Expr, error) {
	name := c.counts
	if f.k != nil {
		name = c.resolve(f.v).Value
	}
	if e.NeedsCalendar() {
		e = e.In(name)
		if _, ok := c.calendars.Find(name); !ok && name != "" {
			return e, nil // that it is not there has been said
		}
	}
	_, err := e.With(c.calendars)
	return e, err
}

// mended returns a map or a list in braces with a holiday that has no quotes about it put
// together again: YAML takes {on: holiday(US, Labor Day, 2026)} for three keys.
func mended(n *yaml.Node) *yaml.Node {
	broken := func(v *yaml.Node) bool {
		return v.Kind == yaml.ScalarNode && v.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 &&
			strings.Contains(v.Value, "holiday(") && !strings.Contains(v.Value, ")")
	}
	if n.Style&yaml.FlowStyle == 0 || !slices.ContainsFunc(n.Content, broken) {
		return n
	}
	whole := *n
	whole.Content = nil
	step := 1
	if n.Kind == yaml.MappingNode {
		step = 2
	}
	for i := 0; i < len(n.Content); i++ {
		v := n.Content[i]
		whole.Content = append(whole.Content, v)
		if !broken(v) || step == 2 && i%2 == 0 {
			continue
		}
		joined := *v
		for j := i + 1; j < len(n.Content) && j <= i+2*step; j += step {
			rest := n.Content[j]
			if rest.Kind != yaml.ScalarNode || step == 2 && n.Content[j+1].Tag != "!!null" {
				break
			}
			joined.Value += ", " + rest.Value
			if strings.HasSuffix(rest.Value, ")") {
				whole.Content[len(whole.Content)-1], i = &joined, j+step-1
				break
			}
		}
	}
	return &whole
}
