package when_test

import (
	"fmt"

	"attache/internal/when"
)

func ExampleParse() {
	e, err := when.Parse("between 2026-01-01 and 2026-02-16")
	if err != nil {
		fmt.Println(err)
		return
	}
	w := e.Window("Asia/Shanghai", "a statement")
	fmt.Println(w.Words(), w.Settled())
	// Output: some day from 1 Jan to 16 Feb 2026 false
}
