package prose

import (
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":                     "",
		"tariffs":              "tariffs",
		"Tariffs":              "tariffs",
		"Türkiye":              "turkiye",
		"Tu\u0308rkiye":        "turkiye",
		"TÜRKİYE":              "turkiye",
		"Dışişleri":            "disisleri",
		"DIŞİŞLERİ":            "disisleri",
		"Łódź":                 "lodz",
		"Côte d’Ivoire":        "cote d'ivoire",
		"Großbritannien":       "grossbritannien",
		"GROẞBRITANNIEN":       "grossbritannien",
		"Ærø":                  "aero",
		"ＵＳ":                   "us",
		"Επιτροπής":            "επιτροπησ",
		"ΕΠΙΤΡΟΠΉΣ":            "επιτροπησ",
		"Горбачёв":             "горбачев",
		"US\u202e\u200b-China": "us-china",
		"US–China":             "us-china",
		"대한민국":                 "대한민국",
		"ガーナ":                  "ガーナ", // カーナ is another word
		"हिन्दी":               "हिन्दी",
		"\xff":                 "\ufffd",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSameWord(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"US", "us", true}, {"Türkiye", "turkiye", true}, {"US", "EU", false}, {"", "", true}, {"ハト", "バト", false},
	} {
		if got := SameWord(c.a, c.b); got != c.want {
			t.Errorf("SameWord(%q, %q) = %t", c.a, c.b, got)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Türkiye", "İıſß", "ﬁ ﷺ ㎏", "\xff\xfe", "e\u0301\u0302"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if !utf8.ValidString(s) {
			return
		}
		if twice := Fold(once); twice != once {
			t.Errorf("Fold(%q) = %q, and of that %q", s, once, twice)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for name, s := range map[string]string{"ASCII": "Consultation on tariffs", "beyond": "Consultation on tariffs – Türkiye"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Fold(s)
			}
		})
	}
}
