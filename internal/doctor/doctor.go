// Package doctor examines an installation: its configuration, clock, zone database, disk and
// database, the daemon that runs there and its feeds, and what Slack says of its token. It
// changes nothing and posts nothing.
//
// Each part is one [Finding] with what to do about it:
//
//	for _, f := range doctor.Examine(ctx, doctor.Installation{ConfigPath: path, Env: os.Getenv, Now: time.Now}) {
//		fmt.Println(f.State, f.Check, f.Words, f.Advice)
//	}
//
// Invariants:
//   - A part that can't be examined keeps no other from being examined.
//   - No finding has a secret in it.
//   - Nothing is changed: the database of a daemon that does not run is opened to
//     be read, and Slack is asked only where that is wanted.
package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"attache/internal/access"
	"attache/internal/civil"
	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/feed/lint"
	"attache/internal/prose"
	"attache/internal/slack"
	"attache/internal/store"
)

// Finding is how one part of an installation is.
type Finding struct {
	Check  string `json:"check"`
	State  State  `json:"state"`
	Words  string `json:"words"`            // what was found, one line
	Advice string `json:"advice,omitempty"` // what to do about it
}

// State says whether something has to be done.
type State string

// The states of a part.
const (
	Well    State = "ok"
	Doubt   State = "warning" // it works, and may not for long or for all
	Trouble State = "problem" // it does not work
)

// Installation is what is examined.
type Installation struct {
	ConfigPath string
	Data       string // instead of the configuration's, or ""
	Env        func(string) string
	Now        func() time.Time
	AskSlack   bool // Slack itself, too
}

// Examine looks at all parts of an installation, whether a daemon runs there or not. It
// changes nothing and posts nothing.
func Examine(ctx context.Context, in Installation) []Finding {
	e := &examination{Installation: in}
	e.configuration()
	e.clock()
	e.zones()
	folder, err := config.DataFolder(in.Data, e.settings.Data, in.Env)
	if err != nil {
		e.trouble("data", err.Error(), "set data in attache.yaml, or give --data")
		return e.found
	}
	e.folder = folder
	if e.storage() {
		e.running(ctx)
		if e.health == nil {
			e.database()
		}
	}
	e.access(ctx)
	e.slack(ctx)
	return e.found
}

type examination struct {
	Installation
	found    []Finding
	settings *config.Config // as far as it can be read
	whole    *config.Config // nil where it is wrong
	folder   string
	health   *control.Health // of the running daemon, nil where none answers
}

func (e *examination) well(check, format string, args ...any) {
	e.found = append(e.found, Finding{Check: check, State: Well, Words: fmt.Sprintf(format, args...)})
}

func (e *examination) doubt(check, words, advice string) {
	e.found = append(e.found, Finding{check, Doubt, prose.OneLine(words), advice})
}

func (e *examination) trouble(check, words, advice string) {
	e.found = append(e.found, Finding{check, Trouble, prose.OneLine(words), advice})
}

// configuration reads the files.
func (e *examination) configuration() {
	e.settings = config.Settings(e.ConfigPath)
	c, err := config.Load(e.ConfigPath)
	if err != nil {
		for _, one := range config.Published(err) {
			e.trouble("configuration", one, "mend the file; attache check shows the place")
		}
		return
	}
	e.whole = c
	e.well("configuration", "%s, %s beside it, %s", c.File, prose.Count(len(c.Files)-1, "file"), prose.Count(len(c.Calendar.Events), "event"))
	for _, w := range config.CheckFiles([]string{e.ConfigPath}).Errors { // secrets above all
		e.trouble("configuration", w.Published(), "mend the file; attache check shows the place")
	}
	for _, w := range c.Warnings {
		e.doubt("configuration", w.Error(), "")
	}
}

// The oldest and newest years at which a clock can be believed.
const (
	clockFrom = 2025
	clockTo   = 2100
)

func (e *examination) clock() {
	now := e.Now()
	if y := now.Year(); y < clockFrom || y > clockTo {
		e.trouble("clock", "it shows "+now.Format(time.RFC3339), "set the clock of the machine: timedatectl set-ntp true")
		return
	}
	if kept, known := clockKept(); known && !kept {
		e.doubt("clock", "nothing keeps it right: "+now.UTC().Format(time.RFC3339), "let a time service set it: timedatectl set-ntp true")
		return
	}
	e.well("clock", "%s", now.UTC().Format(time.RFC3339))
}

// zones asks for what only a zone database of 2025 or later knows: Paraguay keeps its
// summer time.
func (e *examination) zones() {
	loc, err := civil.Zone("America/Asuncion")
	if err != nil {
		e.trouble("tzdata", err.Error(), "install the zone database: the package tzdata")
		return
	}
	if _, offset := time.Date(2025, 7, 1, 12, 0, 0, 0, loc).Zone(); offset != -3*60*60 {
		e.doubt("tzdata", "the zone database is older than 2025a", "bring the package tzdata up to date: dates in zones that changed are an hour off")
		return
	}
	e.well("tzdata", "knows the rules of 2025")
}

// Room on a disk, in bytes.
const (
	roomNeeded = 16 << 20
	roomWanted = 200 << 20
)

// asUser is what to do where something may not be looked at.
const asUser = "run doctor as root, or as the user that attache runs as"

// storage looks at the folder and the disk of the database. It reports whether more can be
// seen there.
func (e *examination) storage() bool {
	info, err := os.Stat(e.folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.well("data", "%s will be made at the first start", e.folder)
		return true
	case err != nil:
		e.trouble("data", err.Error(), asUser)
		return false
	}
	if info.Mode().Perm()&0o077 != 0 && info.IsDir() {
		if db, err := os.Stat(store.Path(e.folder)); err == nil && db.Mode().Perm()&0o077 != 0 {
			e.doubt("data", "others can read "+store.Path(e.folder), "chmod 600 "+store.Path(e.folder))
		}
	}
	e.room()
	return true
}

func (e *examination) room() {
	free, size := store.DiskFree(e.folder), int64(0)
	if info, err := os.Stat(store.Path(e.folder)); err == nil {
		size = info.Size()
	}
	words := fmt.Sprintf("%d MiB are free in %s, and the database has %d MiB", free>>20, e.folder, size>>20)
	const advice = "make room; attache compact gives back what the database no longer needs"
	switch {
	case free < roomNeeded:
		e.trouble("disk", words, advice)
	case free < roomWanted || free < 2*size:
		e.doubt("disk", words, advice)
	default:
		e.well("disk", "%s", words)
	}
}

// running asks the daemon.
func (e *examination) running(ctx context.Context) {
	h, err := control.NewClient(control.Path(e.folder)).Health(ctx)
	if errors.Is(err, control.ErrNoDaemon) {
		e.doubt("daemon", "none runs on "+e.folder, "start it: attache serve, or systemctl start attache")
		return
	}
	if err != nil {
		e.trouble("daemon", err.Error(), asUser)
		return
	}
	e.health = &h
	e.well("daemon", "attache %s answers at %s", h.Version, h.Address)
	if mine, err := store.OwnerOf(e.ConfigPath); err == nil && h.Config != "" {
		if its, err := store.OwnerOf(h.Config); err == nil && !its.Same(mine) {
			e.foreign("daemon", "it runs "+h.Config+", not "+mine.Path)
		}
	}
	for _, c := range h.Checks {
		switch {
		case !c.OK:
			e.trouble(c.Name, c.Words, adviceOn(c.Name))
		case c.Mend:
			e.doubt(c.Name, c.Words, "")
		default:
			e.well(c.Name, "%s", c.Words)
		}
	}
	for _, one := range h.Reload.Errors {
		e.trouble("files", one, "mend the file: until then an older state is in force")
	}
	for _, one := range h.Reload.Restart {
		e.doubt("files", one, "systemctl restart attache, or stop it and start it")
	}
	if h.Dead > 0 {
		e.doubt("notices", fmt.Sprintf("%d notices were given up", h.Dead), "attache notices shows them, and retry sends them")
	}
	e.feeds(ctx)
}

// foreign tells of what belongs to another configuration: where the folder was named, that
// may be meant.
func (e *examination) foreign(check, words string) {
	const advice = "name that one with --config, or give this one a database of its own with data:"
	if e.Data != "" {
		e.doubt(check, words, advice)
		return
	}
	e.trouble(check, words, advice)
}

// adviceOn returns what to do about a check of the daemon that failed.
func adviceOn(check string) string {
	switch check {
	case "schedule":
		return "restart attache, and keep its log"
	case "store", "delivery":
		return "after a full disk attache goes on by itself, once it can write"
	case "slack":
		return "attache doctor --slack says more"
	case control.SignInCheck:
		return "attache help access says what access.oidc needs; who is signed in stays so, and all else goes on"
	}
	return ""
}

// access tells what everybody can read, where that has to be said, and asks the issuer that signs
// people in, unless the daemon did.
func (e *examination) access(ctx context.Context) {
	if e.whole == nil {
		return
	}
	at := e.whole.Listen
	if e.health != nil {
		at = e.health.Address
	}
	if words := e.whole.Public(at); words != "" {
		e.well("access", "%s", words)
	}
	if e.health != nil || e.whole.Access == nil || e.whole.Access.OIDC == nil {
		return
	}
	o := e.whole.Access.OIDC
	_, err := o.Secret(e.Env)
	if err == nil {
		err = access.Discover(ctx, access.OIDC{Issuer: o.Issuer})
	}
	if err != nil {
		e.trouble(control.SignInCheck, "nobody can sign in: "+err.Error(), adviceOn(control.SignInCheck))
		return
	}
	e.well(control.SignInCheck, "the issuer answers")
}

// feeds reads the feeds back, as calendar programs do.
func (e *examination) feeds(ctx context.Context) {
	client, base := reach(e.health.Address)
	defer client.CloseIdleConnections()
	for _, f := range e.settings.Feeds {
		if f.Private {
			continue
		}
		path := "/feeds/" + url.PathEscape(f.Name) + ".ics"
		body, err := get(ctx, client, base+path)
		if err != nil {
			e.trouble("feed "+f.Name, err.Error(), "")
			continue
		}
		if found := lint.Check(body); len(found) > 0 {
			e.trouble("feed "+f.Name, fmt.Sprintf("%d rules are broken: %s", len(found), found[0]), "attache feeds check shows them all")
			continue
		}
		e.well("feed "+f.Name, "%d bytes at %s, as the standards want it", len(body), path)
	}
}

// reach returns a client for the address of a daemon, and what its URLs begin with.
func reach(address string) (*http.Client, string) {
	client := &http.Client{Timeout: 10 * time.Second}
	path, ok := strings.CutPrefix(address, "unix:")
	if !ok {
		client.Transport = &http.Transport{}
		return client, address
	}
	client.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", path)
	}}
	return client, "http://attache"
}

func get(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", address, res.Status)
	}
	return io.ReadAll(io.LimitReader(res.Body, 256<<20))
}

// database opens the database of a daemon that does not run, and checks all of it.
func (e *examination) database() {
	path := store.Path(e.folder)
	if _, err := os.Stat(e.folder); errors.Is(err, fs.ErrNotExist) {
		return
	}
	db, err := store.Open(path, store.Options{ReadOnly: true})
	var newer *store.NewerError
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist):
		e.well("database", "%s will be made at the first start", path)
		return
	case errors.Is(err, store.ErrLocked):
		e.trouble("database", "an attache has it open and does not answer", "look whether it hangs: systemctl status attache")
		return
	case errors.As(err, &newer):
		e.trouble("database", err.Error(), "install the newer attache again")
		return
	default:
		e.trouble("database", err.Error(), "attache restore FILE puts a backup in its place, and keeps it")
		return
	}
	defer db.Close()
	if err := db.Check(); err != nil {
		e.trouble("database", err.Error(), "attache restore FILE puts a backup in its place, and keeps it")
		return
	}
	mine, err := store.OwnerOf(e.ConfigPath)
	if err == nil {
		err = db.Foreign(mine)
	}
	var other *store.OtherError
	if errors.As(err, &other) {
		e.foreign("database", "it was made for "+other.Owner+", not for "+other.Asked)
	}
	e.well("database", "every page, record and index of %s is sound", path)
	e.future(db)
}

// future finds what was recorded at a time that is still to come.
func (e *examination) future(db *store.DB) {
	var last time.Time
	err := db.View(func(tx *store.Tx) error {
		return tx.Events(func(s store.Stored) error {
			if s.Revision.At.After(last) {
				last = s.Revision.At
			}
			return nil
		})
	})
	if err == nil && last.After(e.Now().Add(5*time.Minute)) {
		e.trouble("clock", fmt.Sprintf("an edit was recorded at %s, which is still to come", last.UTC().Format(time.RFC3339)), "set the clock of the machine: it was ahead then, or is behind now")
	}
}

// slack looks at the token, and asks Slack where that is wanted.
func (e *examination) slack(ctx context.Context) {
	if e.whole == nil {
		return
	}
	token, warnings, err := e.whole.SlackToken(e.Env)
	for _, w := range warnings {
		e.doubt("slack token", w.Error(), "")
	}
	switch {
	case err != nil:
		e.trouble("slack token", strings.Join(config.Published(err), "; "), "put the bot token (xoxb-…) into the file, readable by attache alone")
		return
	case token.IsZero() && e.AskSlack:
		e.doubt("slack token", "none here, so Slack was not asked", "name the file with slack.token_file: what systemd hands over, the service alone sees")
		return
	case token.IsZero() && e.health != nil: // it said what it has
		return
	case token.IsZero():
		e.well("slack token", "none: notices are shown on the console")
		return
	}
	e.well("slack token", "is there")
	if !e.AskSlack {
		return
	}
	if err := e.askSlack(ctx, token); err != nil {
		e.trouble("slack", err.Error(), "")
	}
}

// askSlack tells what Slack says of the token, its scopes and the channels: what a daemon
// asks at its start.
func (e *examination) askSlack(ctx context.Context, token config.Secret) error {
	s, err := e.whole.CalendarSettings()
	if err != nil {
		return err
	}
	client, err := slack.New(slack.Config{Token: token.Reveal(), APIURL: e.whole.Slack.APIURL})
	if err != nil {
		return fmt.Errorf("slack: %w", err)
	}
	r := client.Check(ctx, s.SlackChannels())
	state := Well
	switch {
	case !r.Ready():
		state = Trouble
	case len(r.Missing) > 0 || len(r.Unasked) > 0 || r.Err != nil:
		state = Doubt
	}
	of := map[string]State{} // what is said of one channel
	for _, c := range r.Channels {
		switch of[c.Line()] = Well; {
		case r.Down(c):
			of[c.Line()] = Trouble
		case c.Err != nil:
			of[c.Line()] = Doubt
		}
	}
	for _, line := range r.Lines() {
		e.found = append(e.found, Finding{Check: "slack", State: cmp.Or(of[line], state), Words: strings.TrimPrefix(line, "slack: ")})
	}
	if r.Err == nil {
		e.askAnswers(ctx, client, r.Scopes)
	}
	return nil
}

// askAnswers tells whether somebody listens to what people press and write in Slack. The app
// offers it where it has the scope of its command.
func (e *examination) askAnswers(ctx context.Context, client *slack.Slack, scopes []string) {
	const check = "slack answers"
	for _, g := range e.whole.Slack.Answer.Usergroups {
		if _, err := client.GroupMembers(ctx, g); err != nil {
			e.doubt(check, "who is in the group "+g+" of slack.answer is not known: "+err.Error(), "give the app the scope usergroups:read and install it again, or name people under users")
		}
	}
	heard := e.health != nil && slices.ContainsFunc(e.health.Checks, func(c control.Check) bool { return c.Name == check })
	token, warnings, err := e.whole.SlackAppToken(e.Env)
	for _, w := range warnings {
		e.doubt(check, w.Error(), "")
	}
	const offered = "commands"
	switch {
	case err != nil:
		e.trouble(check, strings.Join(config.Published(err), "; "), "put the app token (xapp-…) into the file, readable by attache alone")
		return
	case token.IsZero() && !heard && slices.Contains(scopes, offered):
		e.doubt(check, "the app offers /attache, buttons and a Home tab, and nobody listens: there is no app token here",
			"name one with slack.app_token_file, or take slash_commands, app_home, event_subscriptions and interactivity out of the manifest of the app")
		return
	case token.IsZero():
		return
	}
	socket, err := slack.NewSocket(slack.SocketConfig{Token: token.Reveal(), APIURL: e.whole.Slack.APIURL})
	if err == nil {
		err = socket.Check(ctx)
	}
	if err != nil {
		e.doubt(check, err.Error(), "make an app token with connections:write, under Basic Information, App-Level Tokens, and put it into the file")
		return
	}
	e.well(check, "the app token opens a socket")
	if scopes != nil && !slices.Contains(scopes, offered) {
		e.doubt(check, "people have no /attache: the scope commands is missing", "install the app again from config/slack-manifest.yaml")
	}
}
