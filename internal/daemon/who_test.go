package daemon

import (
	"strings"
	"testing"

	"attache/internal/answer"
	"attache/internal/config"
)

func TestAnswerers_WhoMay(t *testing.T) {
	group := []string{"U0BOB"}
	for name, tt := range map[string]struct {
		who          config.Answerers
		members      *[]string // of the groups
		by, of, team string    // a person, their workspace, and that of the press
		want         string    // what is refused; "" is nothing
	}{
		"somebody in the channel":      {config.Answerers{Who: "channel"}, nil, "U0ANN", "T1", "T1", ""},
		"a guest of another workspace": {config.Answerers{Who: "channel"}, nil, "U0GUS", "T2", "T1", "guests of other workspaces"},
		"of no workspace":              {config.Answerers{Who: "channel"}, nil, "U0GUS", "", "T1", "guests of other workspaces"},
		"of none in none":              {config.Answerers{Who: "channel"}, nil, "U0GUS", "", "", "guests of other workspaces"},
		"a guest who is listed":        {config.Answerers{Who: "channel", Users: []string{"U0GUS"}}, nil, "U0GUS", "T2", "T1", ""},
		"listed":                       {config.Answerers{Who: "listed", Users: []string{"U0ANN"}}, nil, "U0ANN", "T1", "T1", ""},
		"not listed":                   {config.Answerers{Who: "listed", Users: []string{"U0ANN"}}, nil, "U0BOB", "T1", "T1", "not among those who answer here"},
		"in a listed group":            {config.Answerers{Who: "listed", Usergroups: []string{"S0DESK"}}, &group, "U0BOB", "T1", "T1", ""},
		"a guest in a listed group":    {config.Answerers{Who: "listed", Usergroups: []string{"S0DESK"}}, &group, "U0BOB", "T2", "T1", ""},
		"in none":                      {config.Answerers{Who: "listed", Usergroups: []string{"S0DESK"}}, &group, "U0ANN", "T1", "T1", "not among those who answer here"},
		"the group is not known yet":   {config.Answerers{Who: "listed", Usergroups: []string{"S0DESK"}}, nil, "U0BOB", "T1", "T1", "Slack has not told yet"},
		"a guest, and it is not known": {config.Answerers{Who: "listed", Usergroups: []string{"S0DESK"}}, nil, "U0GUS", "T2", "T1", "guests of other workspaces"},
	} {
		a := &answerers{Answerers: tt.who}
		a.members.Store(tt.members)
		told := a.refuses(answer.Press{By: answer.Person{ID: tt.by, Team: tt.of}, Team: tt.team})
		if (told.Text != "") != (tt.want != "") || !strings.Contains(told.Text, tt.want) {
			t.Errorf("%s: %q, want %q", name, told.Text, tt.want)
		}
		if named := len(told.Ask) > 0; told.Text != "" && named != (tt.who.Who == config.Listed) || told.Text != "" && !named && !strings.Contains(told.Text, "Ask somebody") {
			t.Errorf("%s: it does not say whom to ask: %+v", name, told)
		}
	}
}
