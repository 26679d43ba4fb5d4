package lsp

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/agenda"
	"attache/internal/config"
	"attache/internal/event"
)

// check checks as the command does, without a daemon.
func check(_ context.Context, c *config.Checker, drafts ...config.Document) (Found, error) {
	found := Found{Checked: c.Check(drafts...)}
	var in []agenda.Input
	for _, e := range found.Calendar.Events {
		in = append(in, agenda.Input{Revision: event.First(e.Counted(found.Calendars), event.Author{}, time.Time{})})
	}
	if len(found.Errors) == 0 {
		found.Entries = agenda.Net{}.Apply(in, nil).Entries()
	}
	return found, nil
}

// session is an editor that talks with a server, in the folder of the test.
type session struct {
	t    *testing.T
	dir  string
	in   *io.PipeWriter
	done chan error
	next int

	mu      sync.Mutex
	answers map[string]message
	shown   map[string]publishParams // by the path below dir
	told    int                      // how often something was shown
	version map[string]int
}

// talk runs do with a session over a folder of files, with the clock of synctest.
func talk(t *testing.T, files map[string]string, do func(s *session)) {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		save(t, name, data)
	}
	synctest.Test(t, func(t *testing.T) {
		in, fromClient := io.Pipe()
		toClient, out := io.Pipe()
		s := &session{t: t, dir: dir, in: fromClient, done: make(chan error, 1), answers: map[string]message{}, shown: map[string]publishParams{}, version: map[string]int{}}
		go func() {
			err := Serve(t.Context(), Config{Check: check, Version: "test"}, in, out)
			out.Close()
			s.done <- err
		}()
		go s.listen(toClient)
		do(s)
		fromClient.Close()
		synctest.Wait()
	})
}

func save(t *testing.T, name, data string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (s *session) listen(from io.Reader) {
	r := bufio.NewReader(from)
	for {
		m, err := read(r)
		if err != nil {
			return
		}
		s.mu.Lock()
		switch {
		case m.Method == "textDocument/publishDiagnostics":
			var p publishParams
			if err := json.Unmarshal(m.Params, &p); err != nil {
				s.t.Error(err)
			}
			s.shown[strings.TrimPrefix(pathOf(p.URI), s.dir+"/")] = p
			s.told++
		case m.Method == "":
			s.answers[string(m.ID)] = m
		}
		s.mu.Unlock()
	}
}

func (s *session) uri(name string) string { return uriOf(filepath.Join(s.dir, name)) }

func (s *session) send(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.in, text); err != nil {
		s.t.Fatal(err)
	}
}

func (s *session) tell(method string, params any) {
	s.t.Helper()
	data, err := json.Marshal(params)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := send(s.in, message{Method: method, Params: data}); err != nil {
		s.t.Fatal(err)
	}
}

func send(out io.Writer, m message) error {
	m.Version = "2.0"
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Content-Length: %d\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n%s", len(data), data)
	return err
}

// ask asks, and returns the result or the failure.
func (s *session) ask(method string, params, result any) *failure {
	s.t.Helper()
	s.next++
	id := fmt.Sprint(s.next)
	data, err := json.Marshal(params)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := send(s.in, message{ID: json.RawMessage(id), Method: method, Params: data}); err != nil {
		s.t.Fatal(err)
	}
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.answers[id]
	if !ok {
		s.t.Fatalf("%s was not answered", method)
	}
	if m.Error != nil {
		return m.Error
	}
	if result != nil {
		if err := json.Unmarshal(m.Result, result); err != nil {
			s.t.Fatal(method, err)
		}
	}
	return nil
}

// hello initializes the server for the folder of the test.
func (s *session) hello(encodings ...string) map[string]any {
	s.t.Helper()
	var result struct {
		Capabilities map[string]any `json:"capabilities"`
	}
	params := map[string]any{
		"processId": nil, "workspaceFolders": []any{map[string]any{"uri": uriOf(s.dir), "name": "x"}},
		"capabilities": map[string]any{"general": map[string]any{"positionEncodings": encodings}},
	}
	if f := s.ask("initialize", params, &result); f != nil {
		s.t.Fatal(f)
	}
	s.tell("initialized", map[string]any{})
	s.settle()
	return result.Capabilities
}

// settle waits until nothing is left to be checked.
func (s *session) settle() {
	time.Sleep(2 * pause)
	synctest.Wait()
}

func (s *session) open(name, data string) {
	s.t.Helper()
	s.version[name] = 1
	s.tell("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": s.uri(name), "languageId": "yaml", "version": 1, "text": data}})
	s.settle()
}

// change replaces the whole text of a document.
func (s *session) change(name, data string) {
	s.t.Helper()
	s.version[name]++
	s.tell("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": s.uri(name), "version": s.version[name]}, "contentChanges": []any{map[string]any{"text": data}}})
}

// wrong returns what is shown of a file, each as line:character: message.
func (s *session) wrong(name string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, d := range s.shown[name].Diagnostics {
		out = append(out, fmt.Sprintf("%d:%d-%d: %s", d.Range.Start.Line, d.Range.Start.Character, d.Range.End.Character, d.Message))
	}
	return out
}

func (s *session) expect(name string, want ...string) {
	s.t.Helper()
	if got := s.wrong(name); !slices.Equal(got, want) {
		s.t.Errorf("%s:\n got  %s\n want %s", name, strings.Join(got, "\n      "), strings.Join(want, "\n      "))
	}
}

func place(uri string, line, character int) map[string]any {
	return map[string]any{"textDocument": map[string]any{"uri": uri}, "position": position{line, character}, "context": map[string]any{}}
}

const (
	settings = "timezone: America/New_York\nevents: [events/*.yaml]\n"
	first    = "sources:\n  wire: {publisher: The Wire, published: 2025-10-26, url: \"https://example.org/a\"}\nevents:\n  - id: summit\n    title: A summit\n    kind: summit\n    when: {on: 2026-02-17, source: wire}\n    zone: Asia/Shanghai\n    topics: [tariffs]\n    parties: [US, China]\n"
	second   = "events:\n  - id: signature\n    title: A signature\n    when: {after: event:summit}\n    status: open\n    sources: [wire]\n"
)

func desk() map[string]string {
	return map[string]string{"config/attache.yaml": settings, "config/events/a.yaml": first, "config/events/b.yaml": second}
}

func TestSession_Diagnostics(t *testing.T) {
	talk(t, desk(), func(s *session) {
		s.hello()
		s.open("config/events/a.yaml", first)
		s.expect("config/events/a.yaml")
		s.change("config/events/a.yaml", strings.Replace(strings.Replace(first, "id: summit", "id: summits", 1), "kind: summit", "kind: sumit", 1))
		s.expect("config/events/a.yaml") // it is not checked at each stroke
		s.settle()
		s.expect("config/events/a.yaml", `5:10-15: "sumit" is no kind: did you mean "summit"?`)
		s.expect("config/events/b.yaml", `3:18-30: there is no event "summit": did you mean "summits"?`)
		if v := s.shown["config/events/a.yaml"].Version; v == nil || *v != 2 {
			t.Errorf("it is of version %v", v)
		}
		s.change("config/events/a.yaml", first)
		s.settle()
		s.expect("config/events/a.yaml")
		s.expect("config/events/b.yaml")

		s.change("config/events/a.yaml", "events: [")
		s.settle()
		if got := s.wrong("config/events/a.yaml"); len(got) != 1 {
			t.Errorf("broken YAML: %q", got)
		}
		s.tell("textDocument/didClose", place(s.uri("config/events/a.yaml"), 0, 0)) // the file is as it was
		s.settle()
		s.expect("config/events/a.yaml")
	})
}

func TestSession_Encodings(t *testing.T) {
	const line = "  - {id: x, title: \"𝔸é\", kind: sumit}\n"
	for encoding, want := range map[string]string{
		"":       `1:32-37`, // UTF-16
		"utf-16": `1:32-37`,
		"utf-8":  `1:35-40`,
		"utf-32": `1:31-36`,
		"ebcdic": `1:32-37`,
	} {
		talk(t, desk(), func(s *session) {
			var offered []string
			if encoding != "" {
				offered = []string{encoding}
			}
			s.hello(offered...)
			s.open("config/events/b.yaml", "events:\n"+line)
			s.expect("config/events/b.yaml", want+`: "sumit" is no kind: did you mean "summit"?`)
		})
	}
}

// What is shown is what check says of the same files, for every file that config refuses.
func TestSession_AsCheck(t *testing.T) {
	cases, err := filepath.Glob("../config/testdata/*.yaml")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	files := map[string]string{}
	for _, file := range cases {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(file)] = string(data)
	}
	talk(t, nil, func(s *session) {
		s.hello()
		for name, data := range files {
			save(t, "attache.yaml", "events: [c.yaml]\n")
			save(t, "c.yaml", data)
			found := (&config.Checker{Path: "attache.yaml"}).Check()
			s.open("c.yaml", strings.ToValidUTF8(data, "\ufffd"))
			var want, got []string
			for _, e := range append(found.Errors, found.Warnings...) {
				if e.File == "c.yaml" {
					want = append(want, e.Message)
				}
			}
			for _, d := range s.shown["c.yaml"].Diagnostics {
				got = append(got, d.Message)
			}
			if strings.ToValidUTF8(data, "") != data { // an editor can't have it open as it is
				want = got
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s:\n got  %q\n want %q", name, got, want)
			}
			s.tell("textDocument/didClose", place(s.uri("c.yaml"), 0, 0))
			s.settle()
		}
	})
}

func TestSession_Files(t *testing.T) {
	t.Run("outside the patterns", func(t *testing.T) {
		talk(t, map[string]string{"config/attache.yaml": "events: [events/a.yaml]\n", "config/events/a.yaml": first, "config/events/x.yaml": second}, func(s *session) {
			s.hello()
			s.open("config/events/x.yaml", "events: [{idd: x}]")
			s.expect("config/events/x.yaml", "0:0-18: this file is not read: no pattern under events in config/attache.yaml names it")
		})
	})
	t.Run("no configuration", func(t *testing.T) {
		talk(t, map[string]string{}, func(s *session) {
			s.hello()
			s.open("dates.yaml", "events: [{idd: x, id: x, title: X}]")
			s.expect("dates.yaml", `0:10-13: unknown key "idd": did you mean "id"?`)
			s.open("compose.yaml", "services: {web: {}}")
			if _, told := s.shown["compose.yaml"]; told {
				t.Error("a file of another program is checked")
			}
		})
	})
	t.Run("two configurations", func(t *testing.T) {
		talk(t, map[string]string{"one/attache.yaml": "events: [e.yaml]\n", "one/e.yaml": first, "two/attache.yaml": "events: [e.yaml]\n", "two/e.yaml": second}, func(s *session) {
			s.hello()
			s.open("one/e.yaml", first)
			s.open("two/e.yaml", second)
			s.expect("one/e.yaml")
			if got := s.wrong("two/e.yaml"); len(got) != 2 { // neither the event nor the source is there
				t.Errorf("got %q", got)
			}
			s.change("one/e.yaml", strings.Replace(first, "kind: summit", "kind: x", 1))
			s.settle()
			if len(s.wrong("one/e.yaml")) != 1 || len(s.wrong("two/e.yaml")) != 2 {
				t.Errorf("got %q and %q", s.wrong("one/e.yaml"), s.wrong("two/e.yaml"))
			}
		})
	})
	t.Run("new and not saved", func(t *testing.T) {
		talk(t, desk(), func(s *session) {
			s.hello()
			s.open("config/events/new.yaml", "events:\n  - {id: summit, title: X}\n")
			s.expect("config/events/new.yaml", `1:9-15: two events have the id "summit": the first is at config/events/a.yaml:4`)
		})
	})
	t.Run("on the disk", func(t *testing.T) {
		talk(t, desk(), func(s *session) {
			s.hello()
			save(t, "config/events/b.yaml", "events: [{id: b, titel: B, title: B}]")
			s.tell("workspace/didChangeWatchedFiles", map[string]any{})
			s.settle()
			s.expect("config/events/b.yaml", `0:17-22: unknown key "titel": did you mean "title"?`)
			save(t, "config/events/b.yaml", second)
			s.tell("workspace/didChangeWatchedFiles", map[string]any{})
			s.settle()
			s.expect("config/events/b.yaml")
			save(t, "config/events/c.yaml", "events: [{id: c, titel: C, title: C}]")
			s.tell("workspace/didChangeWatchedFiles", map[string]any{})
			s.settle()
			s.expect("config/events/c.yaml", `0:17-22: unknown key "titel": did you mean "title"?`)
			if err := os.Remove("config/events/c.yaml"); err != nil {
				t.Fatal(err)
			}
			s.tell("workspace/didChangeWatchedFiles", map[string]any{})
			s.settle()
			s.expect("config/events/c.yaml") // what was wrong in it went with it
		})
	})
}

func TestSession_IncrementalChanges(t *testing.T) {
	talk(t, desk(), func(s *session) {
		s.hello()
		s.open("config/events/b.yaml", second)
		type change struct {
			Range span   `json:"range"`
			Text  string `json:"text"`
		}
		at := func(line, from, to int) span { return span{position{line, from}, position{line, to}} }
		s.tell("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": s.uri("config/events/b.yaml"), "version": 2}, "contentChanges": []change{
			{at(2, 11, 22), "𝔸 title"}, {at(4, 12, 16), "hedl"}, {at(2, 13, 13), "x"}, {span{position{99, 0}, position{99, 9}}, "x-mine: 1\n"},
		}})
		s.settle()
		s.expect("config/events/b.yaml", `4:12-16: "hedl" is no status: did you mean "held"?`)
	})
}

func TestSession_Robust(t *testing.T) {
	talk(t, desk(), func(s *session) {
		if f := s.ask("textDocument/hover", place(s.uri("x"), 0, 0), nil); f == nil || f.Code != notInitialized {
			t.Errorf("before initialize: %v", f)
		}
		s.hello()
		s.send("garbage\r\n\r\nContent-Length: many\r\n\r\nContent-Length: -1\r\n" + strings.Repeat("x", 100_000) + "\n")
		s.send("Content-Length: 5\r\n\r\n{bad}Content-Length: 2\r\n\r\n[]Content-Length: 4\r\n\r\nnullContent-Length: 0\r\n\r\n")
		s.tell("textDocument/didChange", place(s.uri("not/open.yaml"), 1, 1))
		s.tell("textDocument/didOpen", "no object")
		s.tell("$/setTrace", map[string]any{"value": "off"})
		s.tell("$/cancelRequest", map[string]any{"id": 7})
		if f := s.ask("textDocument/hover", place(s.uri("nowhere"), -1, -1), nil); f == nil || f.Code != invalidParams {
			t.Errorf("a text that is not open: %v", f)
		}
		if f := s.ask("workspace/nothing", map[string]any{}, nil); f == nil || f.Code != methodNotFound {
			t.Errorf("an unknown method: %v", f)
		}
		if f := s.ask("textDocument/hover", 7, nil); f == nil || f.Code != invalidParams {
			t.Errorf("wrong parameters: %v", f)
		}
		big := "events:\n" + strings.Repeat("  - {id: x, title: X}\n", 500_000)
		s.open("config/events/b.yaml", big) // larger than what is read
		if got := s.wrong("config/events/b.yaml"); len(got) != 1 || !strings.Contains(got[0], "larger than") {
			t.Errorf("a huge text: %q", got)
		}
		for _, at := range [][2]int{{-3, -3}, {0, 1 << 30}, {1 << 30, 0}} {
			for _, method := range []string{"hover", "completion", "definition", "references", "codeAction"} {
				if f := s.ask("textDocument/"+method, place(s.uri("config/events/b.yaml"), at[0], at[1]), nil); f != nil {
					t.Errorf("%s at %v: %v", method, at, f)
				}
			}
		}
		s.change("config/events/b.yaml", second)
		s.settle()
		s.expect("config/events/b.yaml")
	})
}

func TestSession_End(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(s *session)
		want string
	}{
		"shutdown and exit": {func(s *session) {
			if f := s.ask("shutdown", nil, nil); f != nil {
				s.t.Error(f)
			}
			if f := s.ask("textDocument/hover", place("file:///x", 0, 0), nil); f == nil || f.Code != invalidRequest {
				s.t.Errorf("after shutdown: %v", f)
			}
			s.tell("exit", nil)
		}, ""},
		"exit alone":      {func(s *session) { s.tell("exit", nil) }, "the editor left without shutdown"},
		"closed":          {func(s *session) { s.in.Close() }, "the editor is gone"},
		"half a message":  {func(s *session) { s.send("Content-Length: 100\r\n\r\n{"); s.in.Close() }, "the editor is gone"},
		"while it checks": {func(s *session) { s.change("config/events/b.yaml", "x"); s.in.Close() }, "the editor is gone"},
	} {
		t.Run(name, func(t *testing.T) {
			talk(t, desk(), func(s *session) {
				s.hello()
				s.open("config/events/b.yaml", second)
				c.do(s)
				synctest.Wait()
				select {
				case err := <-s.done:
					if got := fmt.Sprint(err); got != c.want && (err != nil || c.want != "") {
						t.Errorf("it ended with %v", err)
					}
				default:
					t.Error("it goes on")
				}
			})
		})
	}
}

// An editor that was killed may leave its streams to another process.
func TestServe_EditorDies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, client := io.Pipe()
		defer client.Close()
		var gone atomic.Bool
		done := make(chan error, 1)
		go func() {
			done <- Serve(t.Context(), Config{Check: check, Alive: func(int) bool { return !gone.Load() }}, in, io.Discard)
		}()
		if err := send(client, message{ID: json.RawMessage("1"), Method: "initialize", Params: json.RawMessage(`{"processId": 4711}`)}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * lookTime)
		gone.Store(true)
		if err := <-done; !errors.Is(err, errVanished) {
			t.Errorf("it ended with %v", err)
		}
	})
}
