package fetch

import "testing"

func TestInUTF8(t *testing.T) {
	for name, c := range map[string]struct{ text, contentType, want string }{
		"UTF-8":                            {"Réunion", "text/calendar; charset=utf-8", "Réunion"},
		"no charset":                       {"R\xe9union", "text/calendar", "R\xe9union"},
		"latin-1":                          {"R\xe9union", "text/calendar; charset=ISO-8859-1", "Réunion"},
		"latin-1 in quotes":                {"R\xe9union", `text/calendar; charset="iso-8859-1"`, "Réunion"},
		"Windows-1252":                     {"\x93R\xe9union\x94 \x80", "text/calendar;charset=windows-1252", "“Réunion” €"},
		"what is named and is not":         {"Réunion", "text/calendar; charset=ISO-8859-1", "Réunion"},
		"another code page":                {"\xc2\xf1\xf2\xf0\xe5\xf7\xe0", "text/calendar; charset=windows-1251", "Встреча"},
		"central Europe":                   {"Posiedzenie \xb6rodowe", "text/calendar; charset=iso-8859-2", "Posiedzenie środowe"},
		"Chinese":                          {"\xbb\xe1\xcc\xb8", "text/calendar; charset=GBK", "会谈"},
		"Japanese":                         {"\x89\xef\x8b\x63", "text/calendar; charset=Shift_JIS", "会議"},
		"Korean":                           {"\xc8\xb8\xb4\xe3", "text/calendar; charset=EUC-KR", "회담"},
		"UTF-16":                           {"T\x00", "text/calendar; charset=utf-16le", "T"},
		"a mark, whatever is named":        {"\xEF\xBB\xBFRéunion", "text/calendar; charset=shift_jis", "\uFEFFRéunion"},
		"a mark of UTF-16":                 {"\xFE\xFF\x00T", "text/calendar; charset=utf-16", "\xFE\xFF\x00T"},
		"a charset that is none":           {"R\xe9union", "text/calendar; charset=x-unknown", "R\xe9union"},
		"a type that can't be read":        {"R\xe9union", ";;charset=iso-8859-1", "R\xe9union"},
		"UTF-8 is named, and it is not so": {"R\xe9union", "text/calendar; charset=utf-8", "R\xe9union"},
	} {
		if got := inUTF8([]byte(c.text), c.contentType); string(got) != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
