package config

import "testing"

func TestDecode_JSON(t *testing.T) {
	for text, want := range map[string]string{
		`Summit \ud83d\ude00`:                       "Summit 😀",
		`\uD83D\uDE00\ud83d\ude01`:                  "😀😁",
		`\\ud83d\\ude00 is \ud83d\ude00`:            `\ud83d\ude00 is 😀`,
		`\\\ud83d\ude00`:                            `\😀`,
		`\\\\ud83d\\\\ude00 \/ \u00e9 \ud83d\ude00`: `\\ud83d\\ude00 / é 😀`,
	} {
		doc := "{\n\t\"events\": [\n\t\t{\"id\": \"e\", \"title\": \"" + text + "\"}\n\t]\n}\n"
		found := CheckFiles(nil, Document{"-", []byte(doc)})
		if len(found.Errors) > 0 || found.Calendar.Events[0].Title != want {
			t.Errorf("%s: %v, %+v", text, found.Errors, found.Calendar.Events)
		}
	}
	for _, text := range []string{`\ud83d`, `\ude00\ud83d`, `\ud83d \ude00`} {
		found := CheckFiles(nil, Document{"-", []byte(`{"events": [{"id": "e", "title": "` + text + `"}]}`)})
		if len(found.Errors) != 1 || found.Errors[0].Message != "this names no character: write the character itself" {
			t.Errorf("%s: %v", text, found.Errors)
		}
	}
}
