package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
)

// block is a block of code in a page of Markdown.
type block struct {
	info string // what stands behind the fence
	text string
	line int // of the fence, from 1
}

// blocksOf returns the blocks of code in a text.
func blocksOf(text string) []block {
	var out []block
	var open *block
	n := 0
	for line := range strings.Lines(text) {
		n++
		fence, ok := strings.CutPrefix(line, "```")
		switch {
		case ok && open == nil:
			open = &block{info: strings.TrimSpace(fence), line: n}
		case ok:
			out, open = append(out, *open), nil
		case open != nil:
			open.text += line
		}
	}
	return out
}

// TestHelp_Commands runs the commands that the topics show, in the order in which they
// stand there. A daemon runs meanwhile where the fence says so.
func TestHelp_Commands(t *testing.T) {
	folder := t.TempDir()
	var files []string
	for _, topic := range topics() {
		script, daemon := "", false
		for _, b := range blocksOf(topic.text) {
			language, how, _ := strings.Cut(b.info, " ")
			switch {
			case language != "sh":
				continue
			case strings.HasPrefix(how, "no-test: "):
				continue
			case how != "" && how != "daemon":
				t.Errorf("%s.md:%d: nothing runs a block %q", topic.name, b.line, b.info)
				continue
			}
			switch {
			case how == "daemon" && !daemon:
				script += "exec attache serve --listen 127.0.0.1:0 &daemon&\ndaemon\n"
			case how != "daemon" && daemon:
				script += "signal TERM\nwait daemon\n"
			}
			daemon = how == "daemon"
			for line := range strings.Lines(b.text) {
				if !strings.HasPrefix(line, "curl ") {
					line = "exec " + line
				}
				script += fmt.Sprintf("# %s.md:%d\n%s", topic.name, b.line, line)
			}
		}
		if daemon {
			script += "signal TERM\nwait daemon\n"
		}
		if script == "" {
			continue
		}
		name := filepath.Join(folder, topic.name+".txtar")
		if err := os.WriteFile(name, []byte(script+committee), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	testscript.Run(t, testscript.Params{
		Files: files,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, "state"))
			if err := copyShipped(filepath.Join(e.WorkDir, "config")); err != nil {
				return err
			}
			return addPrivateFeed(filepath.Join(e.WorkDir, "config", "attache.yaml"))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"daemon": findDaemon, "signal": sendSignal, "curl": curl},
	})
}

// committee is the calendar that the topics import, and with it the article that they draft from.
const committee = `
-- committee.ics --
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
BEGIN:VEVENT
UID:1@example.org
DTSTAMP:20251001T000000Z
SUMMARY:The committee meets
DTSTART;VALUE=DATE:20251125
END:VEVENT
END:VCALENDAR
-- article.txt --
KUALA LUMPUR, Oct. 26, 2025 – Trump may also travel to Beijing early next year, ahead of the Lunar New Year on 17 February.
`

// addPrivateFeed gives the shipped configuration the private feed of the topics.
func addPrivateFeed(file string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	const feeds = "feeds:\n"
	return os.WriteFile(file, []byte(strings.Replace(string(b), feeds, feeds+"  - {name: desk, private: true}\n", 1)), 0o644)
}

// curl asks the daemon for an address of the usual one: curl http://127.0.0.1:8080/livez
func curl(ts *testscript.TestScript, _ bool, args []string) {
	path, ok := strings.CutPrefix(args[0], "http://127.0.0.1:8080/")
	if !ok || len(args) != 1 {
		ts.Fatalf("curl takes one address of http://127.0.0.1:8080/")
	}
	res, err := http.Get(ts.Getenv("URL") + "/" + path)
	ts.Check(err)
	ts.Check(res.Body.Close())
	if res.StatusCode != http.StatusOK {
		ts.Fatalf("%s is answered with %s", args[0], res.Status)
	}
}

// runIn runs attache in a folder and returns what it printed.
func runIn(folder string, args ...string) (string, int) {
	var out strings.Builder
	vars := map[string]string{"XDG_STATE_HOME": filepath.Join(folder, "state"), "HOME": folder}
	env := Env{Stdout: &out, Stderr: &out, Now: time.Now, Getenv: func(name string) string { return vars[name] }}
	code := Run(context.Background(), env, args)
	return out.String(), code
}

// pages returns the topics and the README.
func pages(t *testing.T) []topic {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return append(topics(), topic{name: "README", text: string(readme)})
}

// TestHelp_Files checks the files and parts of files that the topics and the README show.
func TestHelp_Files(t *testing.T) {
	for _, topic := range pages(t) {
		for _, b := range blocksOf(topic.text) {
			t.Run(fmt.Sprintf("%s/%d", topic.name, b.line), func(t *testing.T) {
				folder := t.TempDir()
				config := filepath.Join(folder, "config")
				if err := copyShipped(config); err != nil {
					t.Fatal(err)
				}
				write := func(name, text string) string {
					name = filepath.Join(folder, name)
					text = strings.ReplaceAll(text, "/etc/attache", folder)
					if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
					return name
				}
				write("slack-bot-token", "xoxb-a-token\n")
				write("slack-app-token", "xapp-an-app-token\n")
				if err := os.Mkdir(filepath.Join(folder, "secrets"), 0o700); err != nil {
					t.Fatal(err)
				}
				write("secrets/oidc", "a-client-secret\n")
				var args []string
				switch b.info {
				case "yaml events":
					args = []string{"check", write("events.yaml", b.text)}
				case "yaml settings":
					args = []string{"check", "--config", write("config/own.yaml", b.text)}
				case "yaml edits":
					args = []string{"simulate", "--config", filepath.Join(config, "attache.yaml"), "--from", "2025-10-26", "--edit", write("edits.yaml", b.text)}
				case "yaml edit", "text mistake":
					return // package attachetest makes them
				case "lua", "toml", "json", "elisp":
					return // TestHelp_Editors reads them
				default:
					if !strings.HasPrefix(b.info, "sh") {
						t.Fatalf("nothing checks a block %q", b.info)
					}
					return
				}
				if out, code := runIn(folder, args...); code != exitOK || strings.Contains(out, "warning: ") {
					t.Errorf("%s ends with %d:\n%s", args[0], code, out)
				}
			})
		}
	}
}

// inCode matches what stands between backquotes.
var inCode = regexp.MustCompile("`([^`\n]+)`")

// tableUnder returns the rows of the tables of a text that have a heading, cell by cell.
func tableUnder(text, heading string) [][]string {
	var out [][]string
	in := false
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case !strings.HasPrefix(line, "|"):
			in = false
		case cells[0] == heading:
			in = true
		case in && !strings.HasPrefix(line, "|--"):
			out = append(out, cells)
		}
	}
	return out
}

// TestHelp_Dates checks each date that the topic of dates lists, and how each phrase is
// said to be read.
func TestHelp_Dates(t *testing.T) {
	text := topics()[0].text
	read := func(when string) (string, int) {
		folder := t.TempDir()
		file := filepath.Join(folder, "events.yaml")
		doc := "events:\n  - {id: signing, title: Signing, kind: measure, when: 2026-03-02}\n  - id: it\n    title: It\n    when: " + when + "\n"
		if err := os.WriteFile(file, []byte(doc), 0o600); err != nil {
			t.Fatal(err)
		}
		out, code := runIn(folder, "check", file)
		_, out, _ = strings.Cut(out, "\nit: ")
		out, _, _ = strings.Cut(out, "\n")
		out, _, _ = strings.Cut(out, " (because")
		return out, code
	}
	dates, phrases := tableUnder(text, "`when`"), tableUnder(text, "phrase")
	if len(dates) < 30 || len(phrases) < 20 {
		t.Fatalf("there are %d rows of dates and %d of phrases", len(dates), len(phrases))
	}
	for _, row := range dates {
		for _, m := range inCode.FindAllStringSubmatch(row[0], -1) {
			if out, code := read(m[1]); code != exitOK {
				t.Errorf("when: %s is refused: %s", m[1], out)
			}
		}
	}
	for _, row := range phrases {
		if got, code := read(`{phrase: "` + row[0] + `", dateline: 2025-10-26}`); code != exitOK || got != row[1] {
			t.Errorf("%q is read as %q, and the topic says %q", row[0], got, row[1])
		}
	}
}

// TestHelp_Names looks for every command and every flag that the topics and the README
// name in their text.
func TestHelp_Names(t *testing.T) {
	a := &app{}
	root := a.root()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, page := range pages(t) {
		for _, m := range inCode.FindAllStringSubmatch(page.text, -1) {
			words := strings.Fields(m[1])
			if words[0] == "attache" && len(words) > 1 {
				checkCommand(t, root, page.name, words[1:])
			}
		}
	}
}

func checkCommand(t *testing.T, root *cobra.Command, page string, words []string) {
	t.Helper()
	var args []string
	for _, w := range words {
		if !strings.HasPrefix(w, "-") {
			args = append(args, w)
		}
	}
	cmd, _, err := root.Find(args)
	if err != nil || cmd == root {
		t.Errorf("%s: there is no command %q", page, strings.Join(words, " "))
		return
	}
	for _, w := range words {
		name, long := strings.CutPrefix(w, "--")
		name, _, _ = strings.Cut(name, "=")
		if long && cmd.Flags().Lookup(name) == nil && cmd.InheritedFlags().Lookup(name) == nil && name != "help" {
			t.Errorf("%s: %s takes no --%s", page, cmd.CommandPath(), name)
		}
	}
}

func TestHelp(t *testing.T) {
	for _, c := range []struct {
		args string
		want string
		code int
	}{
		{"help", "Topics, each with `attache help TOPIC`:\n  dates ", exitOK},
		{"help", "Available Commands:\n", exitOK},
		{"help dates", "# Dates: how to write what is known\n", exitOK},
		{"help feeds", "# Feeds: ", exitOK},
		{"help serve", "Usage:\n  attache serve [flags]", exitOK},
		{"help feeds list", "Usage:\n  attache feeds list [flags]", exitOK},
		{"feeds --help", "Usage:\n  attache feeds [flags]", exitOK},
		{"help dats", `there is no help on "dats": did you mean "dates"?`, exitUsage},
		{"help sreve", `there is no help on "sreve": did you mean "serve"?`, exitUsage},
		{"help feeds lst", `there is no help on "feeds lst"`, exitUsage},
		{"help weather", `there is no help on "weather": attache help lists the topics and the commands`, exitUsage},
	} {
		if got, code := runIn(t.TempDir(), strings.Fields(c.args)...); code != c.code || !strings.Contains(got, c.want) {
			t.Errorf("attache %s ends with %d and lacks %q:\n%s", c.args, code, c.want, got)
		}
	}
}

func TestHelp_Headings(t *testing.T) {
	text := "# One\n\n```sh\n# no heading\n```\n"
	for color, want := range map[bool]string{false: text, true: "\x1b[1mOne\x1b[0m\n\n```sh\n# no heading\n```\n"} {
		a := &app{Env: Env{Color: color}}
		if got := a.readable(text); got != want {
			t.Errorf("with colour %v it is %q, want %q", color, got, want)
		}
	}
}

func TestMan(t *testing.T) {
	folder := t.TempDir()
	if out, code := runIn(folder, "man", folder); code != exitOK {
		t.Fatalf("it ends with %d: %s", code, out)
	}
	pages := []string{"man1/attache.1", "man1/attache-serve.1", "man1/attache-feeds-new.1"}
	for _, topic := range topics() {
		pages = append(pages, "man7/attache-"+topic.name+".7")
	}
	for _, page := range pages {
		b, err := os.ReadFile(filepath.Join(folder, page))
		if err != nil {
			t.Error(err)
			continue
		}
		name := strings.ToUpper(strings.TrimSuffix(filepath.Base(page), filepath.Ext(page)))
		if want := fmt.Sprintf(".TH %q %q \"\" ", name, page[3:4]); !strings.Contains(string(b), want) {
			t.Errorf("%s lacks %q:\n%.300s", page, want, b)
		}
		if strings.Contains(string(b), "Jan 0001") {
			t.Errorf("%s is of the year 1", page)
		}
	}
}

// TestHelp_Editors reads what can be read of how an editor is told of attache lsp.
func TestHelp_Editors(t *testing.T) {
	text, err := helpFiles.ReadFile("help/editors.md")
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]string{}
	for _, b := range blocksOf(string(text)) {
		words[b.info] = b.text
		if !strings.Contains(b.text, `"attache"`) || !strings.Contains(b.text, `"lsp"`) {
			t.Errorf("editors.md:%d: the block does not start attache lsp", b.line)
		}
		for _, pair := range []string{"()", "[]", "{}"} {
			if strings.Count(b.text, pair[:1]) != strings.Count(b.text, pair[1:]) {
				t.Errorf("editors.md:%d: %s do not match", b.line, pair)
			}
		}
	}
	if len(words) != 4 {
		t.Errorf("there are blocks in %d languages, want Lua, TOML, JSON and Lisp", len(words))
	}
	var settings struct {
		Command string   `json:"glspc.server.command"`
		Args    []string `json:"glspc.server.commandArguments"`
	}
	if err := json.Unmarshal([]byte(words["json"]), &settings); err != nil {
		t.Fatal(err)
	}
	command, _, err := (&app{out: &output{}}).root().Find(append([]string{}, settings.Args...))
	if err != nil || command.Name() != "lsp" || settings.Command != "attache" {
		t.Errorf("the settings of VS Code start %s %v: %v", settings.Command, settings.Args, err)
	}
}
