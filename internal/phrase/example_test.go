package phrase_test

import (
	"fmt"

	"attache/internal/civil"
	"attache/internal/phrase"
	"attache/internal/when"
)

func ExampleRead() {
	dateline := civil.Date{Year: 2025, Month: 10, Day: 26}
	r, err := phrase.Read("early next month", phrase.Context{Dateline: dateline})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Expr())
	// Output: loosely between 2025-11-01 and 2025-11-10
}

func ExampleHint() {
	dates := when.Parser{Hint: phrase.Hint}
	_, err := dates.Parse("1 Nov 2026")
	fmt.Println(err)
	// Output: "1 Nov 2026" is not a date: did you mean 2026-11-01?
}
