// Package draft finds the dates ahead in an article and proposes an event for each, in the
// article's own words, for a person to look at.
//
//	text := draft.HTML(page)
//	got, err := draft.Read(text, draft.Options{Published: text.Published})
//	for _, c := range got.Candidates {
//		fmt.Println(c.Title, c.Statements[0].Quote)
//	}
//
// Invariants:
//   - Every date is a reading of package phrase: what that does not read is listed, and never
//     guessed.
//   - A quote stands in the text word for word, with its white space joined, and the phrase
//     stands in the quote. A title has no word that its sentence lacks.
//   - What looks back is no candidate. Where the words do not show whether they look back, the
//     candidate says so.
//   - The work grows with the length of the text and no faster: what is looked at around a date
//     has a bound.
package draft
