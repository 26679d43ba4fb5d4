package web

import (
	"strings"

	"attache/internal/when"
)

// capitals gives, for zones that are named for another city, the capital that keeps
// their time: where people of diplomacy say that a day is counted.
var capitals = map[string]string{
	"America/New_York": "Washington", "Asia/Shanghai": "Beijing", "Asia/Kolkata": "New Delhi", "Asia/Karachi": "Islamabad",
	"Asia/Ho_Chi_Minh": "Hanoi", "Asia/Dubai": "Abu Dhabi", "Asia/Almaty": "Astana", "America/Sao_Paulo": "Brasília",
	"America/Toronto": "Ottawa", "Europe/Istanbul": "Ankara", "Europe/Zurich": "Bern", "Africa/Johannesburg": "Pretoria",
	"Africa/Lagos": "Abuja", "Australia/Sydney": "Canberra", "Pacific/Auckland": "Wellington",
}

// city names the place whose days and hours a zone counts: Washington, Seoul, UTC.
func city(zone string) string {
	if c, ok := capitals[zone]; ok {
		return c
	}
	return strings.TrimSuffix(when.Place(zone), " time")
}
