package when

import (
	"strings"
	"testing"
)

func TestWarnings_BothReadings(t *testing.T) {
	for _, c := range []struct{ in, zone, phrase, quote, want string }{
		{in: "at 2026-07-01 00:01 in EST", want: "zone-abbreviation New York keeps EDT on 1 Jul 2026, not EST: 00:01 was read as its time of day, 2026-07-01 04:01 UTC; by the letter it would be 2026-07-01 05:01 UTC. Write ET"},
		{in: "at 2026-12-01 09:00 in EDT", want: "zone-abbreviation New York keeps EST on 1 Dec 2026, not EDT: 09:00 was read as its time of day, 2026-12-01 14:00 UTC; by the letter it would be 2026-12-01 13:00 UTC. Write ET"},
		{in: "at 2025-11-10 00:01 in EST"},
		{in: "at 2026-07-01 00:01 in ET"},
		{in: "at 2026-07-01 00:00 in ET", want: "ambiguous-midnight 00:00 on 1 Jul 2026 is where 30 Jun 2026 ends: if the midnight that ends 1 Jul 2026 is meant, write 2026-07-02 00:00, or by 2026-07-01"},
		{in: "at 2026-07-01 00:00 in ET", quote: "at 00:00 on 1 July"},
		{in: "at 2026-07-01 00:00 lasting 2 hours in ET"},
		{in: "at 2026-11-01 01:30 in ET", want: "doubled-time 01:30 on 1 Nov 2026 comes twice in New York, at 2026-11-01 05:30 UTC and at 2026-11-01 06:30 UTC: it was read as the first"},
		{in: "at 2026-03-08 02:30 in ET", want: "skipped-time there is no 02:30 on 8 Mar 2026 in New York: its clocks go from 02:00 to 03:00. It was read as 03:30 on 8 Mar 2026"},
		{in: "from 2026-03-29 00:30 to 2026-03-29 01:30 in Europe/London", want: "skipped-time there is no 01:30 on 29 Mar 2026 in London: its clocks go from 01:00 to 02:00. It was read as 02:30 on 29 Mar 2026"},
		{in: "at 2026-04-24 00:00 in Africa/Cairo", quote: "0:00", want: "skipped-time there is no 00:00 on 24 Apr 2026 in Cairo: its clocks go from 00:00 to 01:00. It was read as 01:00 on 24 Apr 2026"},
		{in: "2011-12-30", zone: "Pacific/Apia", want: "skipped-time 30 Dec 2011 never was in Apia, which went over the date line: the day after 29 Dec 2011 was 31 Dec 2011"},
		{in: "2011-12-31", zone: "Pacific/Apia"},
		{in: "[2025-10-30,2025-11-06]", phrase: "next Thursday", want: `ambiguous-next "next Thursday" can be 30 Oct or 6 Nov 2025: both are kept until it is said which`},
		{in: "2026-24", want: "ambiguous-winter winter 2026 was read as 1 Dec 2026 to 20 Mar 2027: if it is named by the year in which it ends, write 2025-24"},
		{in: "before 2026-30", want: "ambiguous-winter southern summer 2026 was read as 1 Dec 2026 to 20 Mar 2027: if it is named by the year in which it ends, write 2025-30"},
		{in: "2026-24~", want: "ambiguous-winter winter 2026 was read as 1 Dec 2026 to 20 Mar 2027: if it is named by the year in which it ends, write 2025-24"},
		{in: "between 2026-12-01 and 2027-03-20", phrase: "in winter 2026", want: "ambiguous-winter winter 2026 was read as the one from December 2026 to March 2027: if it is named by the year in which it ends, write winter 2025"},
		{in: "before 2026-12-21", phrase: "before winter 2026", want: "ambiguous-winter winter 2026 was read as the one from December 2026 to March 2027: if it is named by the year in which it ends, write winter 2025"},
		{in: "between 2026-06-01 and 2026-09-23", phrase: "in summer 2026"},
		{in: "2026-22"},
		{in: "at 2026-01-05 02:30 recurring FREQ=DAILY in America/New_York", want: "skipped-time there is no 02:30 on 8 Mar 2026 in New York: its clocks go from 02:00 to 03:00. It was read as 03:30 on 8 Mar 2026"},
		{in: "at 2026-10-04 01:30 recurring FREQ=WEEKLY in America/New_York", want: "doubled-time 01:30 on 1 Nov 2026 comes twice in New York, at 2026-11-01 05:30 UTC and at 2026-11-01 06:30 UTC: it was read as the first"},
		{in: "at 2026-01-05 02:30 recurring FREQ=DAILY except 2026-03-08, 2027-03-14, 2028-03-12, 2029-03-11 in America/New_York"},
		{in: "at 2026-01-05 09:30 recurring FREQ=DAILY in America/New_York"},
		{in: "2026-01-31 recurring FREQ=MONTHLY", want: "skipped-days the series does not come in months that have no 31st: BYMONTHDAY=-1 is the last day of each month"},
		{in: "at 2026-07-01 09:00 in CET", want: "zone-abbreviation Brussels keeps CEST on 1 Jul 2026, not CET: 09:00 was read as its time of day, 2026-07-01 07:00 UTC; by the letter it would be 2026-07-01 08:00 UTC. Write Europe/Brussels"},
		{in: "[2025-10-30,2025-11-06]"},
		{in: "[2026-03-06,2026-03-13]", phrase: "on Friday", want: `ambiguous-next "on Friday" can be 6 or 13 Mar 2026: both are kept until it is said which`},
		{in: "[2026-03-09,2026-03-10]", phrase: "9 or 10 March"},
		{in: "[2026-03-05,2027-03-05]", phrase: "on 5 March", want: `ambiguous-phrase "on 5 March" can be 5 Mar 2026 or 5 Mar 2027: both are kept until it is said which`},
		{in: "[2025-11-10T00:00:00,2025-11-11T00:00:00]", phrase: "Midnight on 10 Nov.", want: `ambiguous-midnight "Midnight on 10 Nov." can be 10 Nov 2025, 00:00 or 11 Nov 2025, 00:00: both are kept until it is said which`},
		{in: "by 2025-11-10", phrase: "until midnight on 10 November", want: `ambiguous-midnight "until midnight on 10 November" can be where the day begins or where it ends: the day was taken to be in it`},
		{in: "before lunar-new-year 2027", want: "lunar-new-year-country the Lunar New Year falls on another day in another country: write lunar-new-year(CN), (KR) or (VN)"},
		{in: "before lunar-new-year 2026"},
		{in: "5 CN business days after 2026-12-28", want: "calendar-not-published the holidays of CN are known from 1 Jan 2024 to 31 Dec 2026: before and after, Mondays to Fridays count as worked"},
		{in: "5 CN business days after 2026-03-02"},
		{in: "5 EU business days before 2026-01-05", want: "calendar-not-published the holidays of EU are known from 1 Jan 2025 to 31 Dec 2025: before and after, Mondays to Fridays count as worked"},
		{in: "from 2026-12-28 lasting 10 CN business days", want: "calendar-not-published the holidays of CN are known from 1 Jan 2024 to 31 Dec 2026: before and after, Mondays to Fridays count as worked"},
	} {
		zone := c.zone
		if zone == "" {
			zone = "UTC"
		}
		e := bound(t, c.in)
		var got []string
		for _, w := range e.Warnings(e.Window(zone, "s"), c.phrase, c.quote) {
			got = append(got, w.Code+" "+w.Words)
		}
		if g := strings.Join(got, "\n"); g != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.in, g, c.want)
		}
	}
}
