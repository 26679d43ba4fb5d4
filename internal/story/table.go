package story

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
)

// columns are those of a table of events, by the names that their values have in a View.
var columns = []string{
	"id", "uid", "title", "kind", "certainty", "status", "date", "last_safe_day", "stated", "earliest", "latest", "ends_earliest", "ends_latest",
	"precision", "zone", "place", "parties", "people", "topics", "revision",
}

// Table returns events as a table for spreadsheets, RFC 4180. more adds a column for each of its
// names, with what it returns of an event.
func Table(list []View, names []string, more func(i int) []string) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	rows := [][]string{append(columns[:len(columns):len(columns)], names...)}
	for i, v := range list {
		row := []string{
			v.ID, v.UID, v.Title, v.Kind, v.Certainty, v.Status, v.Date, v.LastSafeDay, v.Stated, known(v.Earliest), known(v.Latest),
			known(v.EndsEarliest), known(v.EndsLatest), v.Precision, v.Zone, v.Place, strings.Join(v.Parties, "; "),
			strings.Join(v.People, "; "), strings.Join(v.Topics, "; "), strconv.Itoa(v.Revision),
		}
		if more != nil {
			row = append(row, more(i)...)
		}
		for k, cell := range row {
			row[k] = inert(cell)
		}
		rows = append(rows, row)
	}
	_ = w.WriteAll(rows) // a buffer takes everything
	return out.Bytes()
}

func known(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// inert keeps a spreadsheet from taking a text for a formula, which could fetch and send.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
