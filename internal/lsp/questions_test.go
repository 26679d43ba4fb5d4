package lsp

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// offered returns what is offered at | in a text that stands for a file of the desk.
func offered(s *session, name, text string) []completionItem {
	s.t.Helper()
	i := strings.Index(text, "|")
	text = text[:i] + text[i+1:]
	if s.version[name] == 0 {
		s.open(name, text)
	} else {
		s.change(name, text)
		s.settle()
	}
	at := newText(text).position(i, utf16Units)
	var list struct{ Items []completionItem }
	if f := s.ask("textDocument/completion", place(s.uri(name), at.Line, at.Character), &list); f != nil {
		s.t.Fatal(f)
	}
	return list.Items
}

func TestSession_Completion(t *testing.T) {
	const file = "config/events/b.yaml"
	for name, c := range map[string]struct{ file, text, want string }{
		"keys of the file":     {file, "|", "audience: , events: , sources: "},
		"keys of an event":     {file, "events:\n  - id: x\n    t|", "title: , topics: , certainty: , note: , parties: , status: "},
		"keys but those there": {file, "events:\n  - {title: x, id: y, ti|", "parties: "},
		"keys of a statement":  {file, "events:\n  - when: {bet|", "between: "},
		"key with a colon":     {file, "events:\n  - tit|: x", "title"},
		"words":                {file, "events:\n  - kind: su|", "summit, measure"},
		"words without blank":  {file, "events:\n  - kind:|", " deadline,  meeting,  summit,  visit,  talks,  measure,  announcement,  holiday,  other"},
		"ids":                  {file, "events:\n  - id: x\n    if: {event: su|", "summit"},
		"ids in links":         {file, "events:\n  - links: {follows: |", "summit, signature"},
		"ids in a list":        {file, "events:\n  - links: {follows: [a, s|", "summit, signature"},
		"relations":            {file, "events:\n  - links: {fol|", "follows: "},
		"ids behind event:":    {file, "events:\n  - when: 2 days after event:|", "event:summit, event:signature"},
		"ids behind after":     {file, "events:\n  - when: {after: |", "event:summit, event:signature"},
		"not in a title":       {file, "events:\n  - title: s|", ""},
		"sources":              {file, "events:\n  - sources: [|", "wire"},
		"source of a date":     {file, "events:\n  - when:\n      - on: 2026-01-01\n        source: |", "wire"},
		"calendars":            {file, "events:\n  - calendar: E|", "EU, TARGET, weekdays"},
		"zones":                {file, "events:\n  - zone: Europe/Br|", "Europe/Bratislava, Europe/Brussels"},
		"zones by the place":   {file, "events:\n  - zone: shangh|", "Asia/Shanghai"},
		"topics":               {file, "events:\n  - topics: [t|", "tariffs"},
		"parties":              {file, "events:\n  - parties:\n      - |", "China, US"},
		"supports":             {file, "events:\n  - sources: [{source: wire, supports: [whe|", "when"},
		"status of a known":    {"config/events/a.yaml", first + "    status: |", "open, held, met, in force, deferred, averted, cancelled, lapsed, superseded"},
		"settings":             {"config/attache.yaml", "quiet_hours: {we|", "weekends: "},
		"topics of a route":    {"config/attache.yaml", "routes:\n  - match: {topics: [|", "tariffs"},
		"kinds of a route":     {"config/attache.yaml", "routes:\n  - match: {kinds: [dead|", "deadline"},
		"zone of the desk":     {"config/attache.yaml", "timezone: \"Asia/Shan|", "Asia/Shanghai"},
		"comment":              {file, "events: # ki|", ""},
	} {
		t.Run(name, func(t *testing.T) {
			talk(t, desk(), func(s *session) {
				s.hello()
				var got []string
				for _, item := range offered(s, c.file, c.text) {
					got = append(got, item.TextEdit.NewText)
				}
				if strings.Join(got, ", ") != c.want {
					t.Errorf("%q offers %q, want %q", c.text, strings.Join(got, ", "), c.want)
				}
			})
		})
	}
}

// Statuses are those that can follow what is on the disk, whatever stands in the buffer.
func TestSession_CompletionOfStatus(t *testing.T) {
	files := desk()
	files["config/events/b.yaml"] = strings.Replace(second, "status: open", "status: met", 1)
	talk(t, files, func(s *session) {
		s.hello()
		s.open("config/events/b.yaml", files["config/events/b.yaml"])
		var got []string
		for _, item := range offered(s, "config/events/b.yaml", strings.Replace(second, "status: open", "status: |", 1)) {
			got = append(got, item.Label+" "+item.Detail)
		}
		if want := []string{"open needs a reason", "met as it is", "in force needs a reason"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// The text edit takes the place of what was written, in the units of the editor.
func TestSession_CompletionEdit(t *testing.T) {
	talk(t, desk(), func(s *session) {
		s.hello()
		items := offered(s, "config/events/b.yaml", "events:\n  - {title: 𝔸, when: {after: event:su|}}")
		if len(items) != 1 || fmt.Sprint(items[0].TextEdit) != "{{{1 30} {1 38}} event:summit}" || items[0].Detail != "A summit" {
			t.Errorf("got %+v", items)
		}
	})
}

func TestSession_Hover(t *testing.T) {
	talk(t, desk(), func(s *session) {
		s.hello()
		s.open("config/events/b.yaml", second)
		for _, c := range []struct {
			line, character int
			want            []string
		}{
			{1, 10, []string{"A signature", "not before Wed 18 Feb 2026, because", "says wire", "- Asia/Shanghai: ", "- UTC: "}},
			{3, 26, []string{"A summit", "not before and not after Tue 17 Feb 2026, because", "config/events/a.yaml:7", "- Asia/Shanghai: Tue 17 Feb 2026, 00:00 – Wed 18 Feb 2026, 00:00", "- America/New_York: Mon 16 Feb 2026, 11:00 – Tue 17 Feb 2026, 11:00", "- UTC: Mon 16 Feb 2026, 16:00"}},
			{5, 15, []string{"The Wire", "published Sun 26 Oct 2025", "https://example.org/a"}},
			{4, 5, []string{"What became of it"}},
			{3, 12, []string{"Later than that day"}},
		} {
			var h hover
			if f := s.ask("textDocument/hover", place(s.uri("config/events/b.yaml"), c.line, c.character), &h); f != nil {
				t.Fatal(f)
			}
			for _, want := range c.want {
				if !strings.Contains(h.Contents.Value, want) && !(want == "- Asia/Shanghai: " && strings.Contains(h.Contents.Value, "America/New_York")) {
					t.Errorf("%d:%d: %q is missing in\n%s", c.line, c.character, want, h.Contents.Value)
				}
			}
		}
	})
}

func TestSession_DefinitionAndReferences(t *testing.T) {
	talk(t, desk(), func(s *session) {
		s.hello()
		s.open("config/events/b.yaml", second)
		where := func(method string, line, character int) (out []string) {
			params := place(s.uri("config/events/b.yaml"), line, character)
			params["context"] = map[string]any{"includeDeclaration": true}
			var list []location
			if f := s.ask(method, params, &list); f != nil {
				t.Fatal(f)
			}
			for _, l := range list {
				out = append(out, fmt.Sprintf("%s:%d:%d-%d", strings.TrimPrefix(pathOf(l.URI), s.dir+"/config/events/"), l.Range.Start.Line, l.Range.Start.Character, l.Range.End.Character))
			}
			return out
		}
		for _, c := range []struct {
			method          string
			line, character int
			want            string
		}{
			{"textDocument/definition", 3, 27, "a.yaml:3:8-14"},
			{"textDocument/definition", 5, 14, "a.yaml:1:2-6"},
			{"textDocument/definition", 2, 14, ""},
			{"textDocument/references", 3, 27, "a.yaml:3:8-14 b.yaml:3:24-30"},
			{"textDocument/references", 5, 14, "a.yaml:1:2-6 a.yaml:6:35-39 b.yaml:5:14-18"},
			{"textDocument/references", 1, 9, "b.yaml:1:8-17"},
		} {
			if got := strings.Join(where(c.method, c.line, c.character), " "); got != c.want {
				t.Errorf("%s at %d:%d: %s, want %s", c.method, c.line, c.character, got, c.want)
			}
		}
		for at, want := range map[[2]int]string{{3, 27}: "stays for ever", {5, 15}: "knows the source by it", {0, 0}: "nothing here"} {
			params := place(s.uri("config/events/b.yaml"), at[0], at[1])
			params["newName"] = "x"
			for _, method := range []string{"textDocument/prepareRename", "textDocument/rename"} {
				if f := s.ask(method, params, nil); f == nil || !strings.Contains(f.Message, want) {
					t.Errorf("%s at %v: %v", method, at, f)
				}
			}
		}
	})
}

func TestSession_CodeActions(t *testing.T) {
	const wrong = "events:\n  - {id: a, title: \"𝔸\", kind: meating}\n  - {id: b, title: B, when: from 10 to 12 November 2026}\n  - {id: c, title: C, remind: [x]}\n"
	talk(t, desk(), func(s *session) {
		s.hello()
		s.open("config/events/b.yaml", wrong)
		actions := func(line int, only ...string) (out []string) {
			params := place(s.uri("config/events/b.yaml"), 0, 0)
			params["range"] = span{position{line, 0}, position{line, 99}}
			params["context"] = map[string]any{"diagnostics": []any{}, "only": only}
			var list []codeAction
			if f := s.ask("textDocument/codeAction", params, &list); f != nil {
				t.Fatal(f)
			}
			for _, a := range list {
				for _, e := range a.Edit.Changes[s.uri("config/events/b.yaml")] {
					out = append(out, newText(wrong).replaced(e.Range, e.NewText, utf16Units).data)
				}
			}
			return out
		}
		for line, want := range map[int]string{
			1: strings.Replace(wrong, "meating", "meeting", 1),
			2: strings.Replace(wrong, "from 10 to 12 November 2026", "{from: 2026-11-10, to: 2026-11-12}", 1),
			3: "",
		} {
			if got := strings.Join(actions(line), ""); got != want {
				t.Errorf("line %d becomes %q, want %q", line, got, want)
			}
		}
		if got := actions(1, "refactor"); len(got) > 0 {
			t.Errorf("offered as something else: %q", got)
		}
		if got := actions(1, "quickfix"); len(got) != 1 {
			t.Errorf("asked for: %q", got)
		}
		s.change("config/events/b.yaml", "\n"+wrong) // and not yet checked
		if got := actions(1); len(got) > 0 {
			t.Errorf("offered for another text: %q", got)
		}
	})
}
