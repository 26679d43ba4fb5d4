// Package phrase reads dates in the words of a report against the day of the report, its
// dateline, and says what a person may have meant by a text that is no date.
//
//	r, err := phrase.Read("early next month", phrase.Context{Dateline: dateline})
//	e := r.Expr() // some day from the 1st to the 10th
//
//	dates := when.Parser{Hint: phrase.Hint}
//	_, err = dates.Parse("1 Nov 2026") // "1 Nov 2026" is not a date: did you mean 2026-11-01?
//
// A text is read with [Context.Find], which returns the phrase that begins at a word of it.
//
// Invariants:
//   - What is read is made of parts that each have one meaning ([Read]), and never a guess: what
//     can be read in two ways gives all days of both, and anything else is refused.
//   - A hint is a part of an error. No hint makes a date of a text.
//   - Read(r.Says) gives r again.
package phrase
