package cli

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	_ "time/tzdata" // for machines without a zone database

	"github.com/rogpeppe/go-internal/testscript"

	shipped "attache/config"
	"attache/internal/calendar"
	"attache/internal/control"
	"attache/internal/event"
)

var update = flag.Bool("update", false, "write what the scripts compare into them")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"attache": func() {
			env := System("test")
			if now := os.Getenv("TEST_NOW"); now != "" {
				t, err := time.Parse(time.RFC3339, now)
				if err != nil {
					panic(err)
				}
				env.Now = func() time.Time { return t }
			}
			env.Screen = env.Screen || os.Getenv("TEST_SCREEN") != ""
			os.Exit(Run(context.Background(), env, os.Args[1:]))
		},
	})
}

// TestScripts runs the command line as people do. Each script has a folder of its
// own, and in it the calendar that is shipped.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, "state"))
			return copyShipped(filepath.Join(e.WorkDir, "config"))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"daemon": findDaemon, "waitfor": waitFor, "status": status, "signal": sendSignal, "keyof": keyOf, "linkin": linkIn,
			"entries": entries, "says": says,
		},
	})
}

// copyShipped writes the calendar that is shipped into the folder.
func copyShipped(folder string) error {
	return fs.WalkDir(shipped.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(folder, name)
		if d.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		b, err := fs.ReadFile(shipped.FS, name)
		if err != nil {
			return err
		}
		return os.WriteFile(to, b, 0o644)
	})
}

// findDaemon waits until the daemon on a folder, or on the usual one, answers, and sets URL
// to its address: daemon [FOLDER], where a * in the name of the folder is anything.
func findDaemon(ts *testscript.TestScript, _ bool, args []string) {
	folder := ts.MkAbs(filepath.Join("state", "attache"))
	if len(args) > 0 {
		folder = ts.MkAbs(args[0])
	}
	var err error
	for range 500 {
		if found, _ := filepath.Glob(folder); len(found) > 0 { // the pattern is that of a script
			folder = found[0]
		}
		client := control.NewClient(control.Path(folder))
		var h control.Health
		if h, err = client.Health(context.Background()); err == nil {
			ts.Setenv("URL", h.Address)
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	ts.Fatalf("no daemon came to answer: %v", err)
}

// waitFor waits until the page that an address leads a browser to answers with the status 200
// and holds some words, or holds them no more: [!] waitfor URL WORDS.
func waitFor(ts *testscript.TestScript, neg bool, args []string) {
	last := ""
	for range 500 {
		jar, err := cookiejar.New(nil)
		ts.Check(err)
		browser := http.Client{Jar: jar}
		if res, err := browser.Get(args[0]); err == nil {
			var body [1 << 16]byte
			n, _ := res.Body.Read(body[:])
			res.Body.Close()
			last = fmt.Sprint(res.Status, "\n", string(body[:n]))
			if res.StatusCode == http.StatusOK && (len(args) < 2 || strings.Contains(last, args[1]) != neg) {
				return
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	ts.Fatalf("%s did not come to hold %q: %s", args[0], args[1:], last)
}

// status runs attache and compares its exit status: status N ARGS…
func status(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec("attache", args[1:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("attache %s ended with %s, want %s", strings.Join(args[1:], " "), got, args[0])
	}
}

// keyOf sets KEY to the key of the first notice with a lead: keyof 7d
func keyOf(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(ts.Exec("attache", "notices", "--json"))
	m := regexp.MustCompile(`"key":"([a-z2-7]+)"[^\n]*"lead":"` + args[0] + `"`).FindStringSubmatch(ts.ReadFile("stdout"))
	if m == nil {
		ts.Fatalf("no notice has the lead %s", args[0])
	}
	ts.Setenv("KEY", m[1])
}

// linkIn sets LINK to the link to everything that stands in a file: linkin FILE
func linkIn(ts *testscript.TestScript, _ bool, args []string) {
	m := regexp.MustCompile(`page with everything: (\S+/a/\S+)\n`).FindStringSubmatch(ts.ReadFile(args[0]))
	if m == nil {
		ts.Fatalf("no link stands in %s", args[0])
	}
	ts.Setenv("LINK", m[1])
}

// entries writes what people read of the entries of a calendar into a file, an entry a
// paragraph: entries FILE.ics FILE.txt
func entries(ts *testscript.TestScript, _ bool, args []string) {
	var out strings.Builder
	text := strings.NewReplacer("\r\n ", "", "\r\n", "\n").Replace(ts.ReadFile(args[0]))
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		switch name {
		case "SUMMARY":
			out.WriteString("\n" + value + "\n")
		case "DESCRIPTION":
			value, _, _ = strings.Cut(value, `\n\nhttp://`)
			out.WriteString("  " + strings.NewReplacer(`\n`, "\n  ", `\`, "").Replace(value) + "\n")
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(out.String()), 0o600))
}

// says has somebody answer in Slack: says NAME ID [new] [stands] FIELD=VALUE… FIELD+=VALUE…
func says(ts *testscript.TestScript, _ bool, args []string) {
	said := calendar.Said{ID: args[1], By: event.Author{Via: "slack", Name: args[0], User: "U1", Link: "https://example.slack.com/archives/C1/p1"}}
	for _, arg := range args[2:] {
		switch field, value, _ := strings.Cut(arg, "="); arg {
		case "new":
			said.New = true
		case "stands":
			said.Stands = true
		default:
			name, add := strings.CutSuffix(field, "+")
			said.Fields = append(said.Fields, calendar.Assignment{Field: name, Value: value, Add: add})
		}
	}
	client := control.NewClient(control.Path(ts.MkAbs(filepath.Join("state", "attache"))))
	_, err := client.Answer(context.Background(), said)
	ts.Check(err)
}

// sendSignal sends a signal to the first command in the background: signal TERM
func sendSignal(ts *testscript.TestScript, _ bool, args []string) {
	sig := map[string]syscall.Signal{"TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP}[args[0]]
	ts.Check(ts.BackgroundCmds()[0].Process.Signal(sig))
}

// TestReadmeCommands runs the commands of the README that look and do not stay. The first
// two are run by .ci/run.
func TestReadmeCommands(t *testing.T) {
	var lines []string
	for _, b := range blocksOf(pages(t)[len(topics())].text) {
		if b.info == "sh" {
			lines = append(lines, strings.Split(strings.TrimSpace(b.text), "\n")...)
		}
	}
	if want := []string{"go run ./cmd/attache serve", "go test ./..."}; len(lines) < 2 || !slices.Equal(lines[:2], want) {
		t.Fatalf("the README begins with the commands %q", lines)
	}
	folder := t.TempDir()
	if err := copyShipped(filepath.Join(folder, "config")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
	for _, line := range lines[2:] {
		t.Run(line, func(t *testing.T) {
			args, ok := strings.CutPrefix(line, "go run ./cmd/attache ")
			if !ok {
				t.Fatalf("nothing runs this command")
			}
			if out, got := runIn(folder, strings.Fields(args)...); got != exitOK || out == "" {
				t.Errorf("it ends with %d:\n%s", got, out)
			}
		})
	}
}
