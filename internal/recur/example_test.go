package recur_test

import (
	"fmt"
	"time"

	"attache/internal/recur"
)

func ExampleRule_From() {
	r, err := recur.ParseRule("FREQ=MONTHLY;BYDAY=1FR;COUNT=2")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Words())
	first := time.Date(2026, 1, 2, 8, 30, 0, 0, time.UTC)
	for at := range r.From(first, first, time.UTC) {
		fmt.Println(at.Format("Mon 2 Jan 15:04"))
	}
	// Output:
	// every month on the first Friday, 2 in all
	// Fri 2 Jan 08:30
	// Fri 6 Feb 08:30
}
