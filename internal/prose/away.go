package prose

import "time"

// Away returns in how many days something is, or how many days ago it was: "in 7 days",
// "tomorrow", "today", "yesterday", "3 days ago".
func Away(days int) string {
	switch {
	case days > 1:
		return "in " + Count(days, "day")
	case days == 1:
		return "tomorrow"
	case days == 0:
		return "today"
	case days == -1:
		return "yesterday"
	}
	return Count(-days, "day") + " ago"
}

// Soon is from how near on an instant is said to be hours away rather than days.
const Soon = 20 * time.Hour

// Duration writes a length of time under two days as people say it, to the minute:
// "45 minutes", "2 hours", "2 hours 30 minutes".
func Duration(d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	h, m := minutes/60, minutes%60
	switch {
	case h == 0:
		return Count(m, "minute")
	case m == 0:
		return Count(h, "hour")
	}
	return Count(h, "hour") + " " + Count(m, "minute")
}
