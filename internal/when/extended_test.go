package when

import "testing"

func TestEDTF_InExpressions(t *testing.T) {
	cases := []struct {
		in, out, words, window string
		soft                   bool
	}{
		{"2026-02-17~", "edtf 2026-02-17~", "about 17 Feb 2026", "some day from 14 to 20 Feb 2026", true},
		{"2026-02-17?", "edtf 2026-02-17?", "17 Feb 2026, uncertain", "Tue 17 Feb 2026", false},
		{"2026-XX", "edtf 2026-XX", "1 Jan to 31 Dec 2026", "some day from 1 Jan to 31 Dec 2026", false},
		{"2026-33", "on 2026-Q1", "Q1 2026", "some day from 1 Jan to 31 Mar 2026", false},
		{"edtf 2026-10/..", "edtf 2026-10/..", "2026-10/..", "some day from 1 to 31 Oct 2026", false},
		{"[2026-01-15,2026-02-10]", "edtf [2026-01-15,2026-02-10]", "15 Jan or 10 Feb 2026", "some day from 15 Jan to 10 Feb 2026", false},
		{"[..2026-02-10]", "edtf [..2026-02-10]", "[..2026-02-10]", "on or before 10 Feb 2026", false},
		{"2026-02~ in Asia/Seoul", "edtf 2026-02~ in Asia/Seoul", "about Feb 2026", "some day from 17 Jan to 15 Mar 2026", true},
	}
	for _, c := range cases {
		e, err := Parse(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		w := e.Window("UTC", "it#1")
		if e.String() != c.out || e.Words() != c.words || w.Words() != c.window || e.Soft() != c.soft {
			t.Errorf("%s: %q, %q, %q, soft %v", c.in, e.String(), e.Words(), w.Words(), e.Soft())
		}
		if again, err := Parse(e.String()); err != nil || again != e {
			t.Errorf("%s reads back as %v, %v", e, again, err)
		}
	}
	for _, s := range []string{"2026-02-17/2026-02-10", "{2026-01,2026-02}", "2026-02-30~", "edtf Y20260", "edtf 2026-W07"} {
		if e, err := Parse(s); err == nil {
			t.Errorf("%s was read as %s", s, e)
		}
	}
	if got := mustParse(t, "[2026-01-15,2026-02-10]").Options(); len(got) != 2 || got[1] != "2026-02-10" {
		t.Errorf("options %v", got)
	}
}

func TestExpr_LooseReading(t *testing.T) {
	e := mustParse(t, "loosely between 2026-01-01 and 2026-04-30")
	w := e.Window("UTC", "it#1")
	if !e.Loose || !e.Soft() || !w.Earliest.Soft || !w.Latest.Soft || w.Words() != "some day from 1 Jan to 30 Apr 2026" {
		t.Errorf("%+v: %+v", e, w)
	}
	if again, err := Parse(e.String()); err != nil || again != e {
		t.Errorf("it reads back as %v, %v", again, err)
	}
	for _, s := range []string{"loosely tbd", "loosely before event:visit", "loosely at 2026-01-01 09:00"} {
		if e, err := Parse(s); err == nil {
			t.Errorf("%s was read as %s", s, e)
		}
	}
}
