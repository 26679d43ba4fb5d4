// Package syntax reads what people write: words and where they stand, and errors that
// point at a place and say what may have been meant.
//
//	for _, w := range syntax.Split("by 2026-2-16") {
//		if w.Text != "by" {
//			return syntax.Errorf(w.At, "%q is not a date: write it as 2026-02-16", w.Text)
//		}
//	}
//
// Invariants:
//   - Offsets are bytes from the start of the whole text.
//   - A message is one line, and repeats at most 80 bytes of what was written.
package syntax
