// Package workday knows which days are worked: the business days and holidays of a country
// or a body, and the day of the Lunar New Year.
//
//	us, err := workday.Holidays("US")
//	due, soft := us.Add(civil.Date{Year: 2026, Month: 7, Day: 1}, 3) // Tue 7 Jul 2026: the 3rd is kept for Independence Day
//
// Holidays that a law fixes for good come from rickar/cal, which was right for the United
// States, Britain, Japan and TARGET wherever it was compared. Those that a government
// announces each year are files in published, with the days up to which they are known.
//
// Invariants:
//   - What rests on days whose holidays are not known is soft, and never an error: Monday to
//     Friday count as worked there.
//   - A calendar never changes once it is made; With and Plus return another.
package workday
