package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// output is standard output. It keeps the first error of writing, so that a command can
// print as it goes: Run tells of it.
type output struct {
	to  io.Writer
	err error
}

// Write writes p, unless an earlier write failed.
func (o *output) Write(p []byte) (n int, err error) {
	if o.err == nil {
		n, o.err = o.to.Write(p)
	}
	return n, o.err
}

func (a *app) printf(format string, args ...any) { fmt.Fprintf(a.out, format, args...) }

// print prints v as a JSON document where --json asks for that, else as text does.
func (a *app) print(v any, text func()) error {
	if !a.flags.json {
		text()
		return nil
	}
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// printList prints a JSON object for each of a list where --json asks for that, else the
// rows of a table that row writes, their cells ended by tabs.
func printList[T any](a *app, list []T, row func(w io.Writer, v T)) error {
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, v := range list {
		if err := a.print(v, func() { row(w, v) }); err != nil {
			return err
		}
	}
	return w.Flush()
}
