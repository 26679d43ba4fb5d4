package workday_test

import (
	"fmt"

	"attache/internal/civil"
	"attache/internal/workday"
)

func ExampleCalendar_Add() {
	us, err := workday.Holidays("US")
	if err != nil {
		fmt.Println(err)
		return
	}
	due, soft := us.Add(civil.Date{Year: 2026, Month: 7, Day: 1}, 3)
	fmt.Println(civil.Long(due), soft)
	// Output: Tue 7 Jul 2026 false
}
