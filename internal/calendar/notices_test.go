package calendar

import "testing"

func TestNoticeQuery_CardsAndSupersededByNameOnly(t *testing.T) {
	card, old, sent := NoticeView{Notice: "card", State: "sent"}, NoticeView{Notice: "change", State: "superseded"}, NoticeView{Notice: "change", State: "sent"}
	for _, c := range []struct {
		q    NoticeQuery
		want [3]bool
	}{
		{NoticeQuery{}, [3]bool{false, false, true}},
		{NoticeQuery{Kinds: []string{"card"}}, [3]bool{true, false, false}},
		{NoticeQuery{States: []string{"superseded"}}, [3]bool{false, true, false}},
		{NoticeQuery{States: []string{"sent"}, Channels: []string{""}}, [3]bool{false, false, true}},
		{NoticeQuery{Event: "visit"}, [3]bool{}},
	} {
		if got := [3]bool{c.q.Match(card), c.q.Match(old), c.q.Match(sent)}; got != c.want {
			t.Errorf("%+v chooses %v", c.q, got)
		}
	}
}
