package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/civil"
	"attache/internal/config"
	"attache/internal/draft"
	"attache/internal/event"
	"attache/internal/fetch"
	"attache/internal/phrase"
	"attache/internal/prose"
)

// drafting is what attache draft was told.
type drafting struct {
	from, to                string
	source, published, zone string
	tense, assist           string
	all, accept, local      bool
}

func (a *app) draftCommand() *cobra.Command {
	var o drafting
	c := &cobra.Command{
		Use:   "draft FILE|URL|-",
		Short: "Draft events from an article",
		Long: `Read an article, as text or as a page, and print an event for each date that lies ahead, in
the article's own words, as a file that attache check accepts. Nothing is written until you
keep it: with --to as a new file, or with --accept one by one.

What looks back is left out and counted. What could not be read stands at the end with what to
write instead. A date of an event that you have is proposed as a command that adds it there.

  attache draft article.html --published 2025-10-26`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{errors.New("draft takes one file, one address, or - for standard input")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.from = args[0]
			return a.runDraft(cmd.Context(), o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.to, "to", "", "write this new `FILE` instead of printing; with --accept, add to this file")
	f.StringVar(&o.source, "source", "", "`KEY` of the source that the events name (default: from the name of the file or the host)")
	f.StringVar(&o.published, "published", "", "the `DAY` on which the article was published (default: what the article says)")
	f.StringVar(&o.zone, "timezone", "", "`ZONE` of that day, such as Europe/Brussels")
	f.StringVar(&o.tense, "tense", "", "read every date that does not show it as `past or future`")
	f.StringVar(&o.assist, "assist", "", "ask this `PROGRAM` for proposals: paragraphs on its input, a JSON object a line on its output")
	f.BoolVar(&o.all, "all", false, "list what looks back, too")
	f.BoolVar(&o.accept, "accept", false, "ask about each event at the terminal, and write what you accept")
	f.BoolVar(&o.local, "local", false, "allow http, and addresses of this machine and its network")
	a.jsonFlag(c, oneDocument)
	return c
}

func (a *app) runDraft(ctx context.Context, o drafting) error {
	how, source, err := o.how()
	if err != nil {
		return usageError{err}
	}
	if o.accept && !a.Ask {
		return usageError{errors.New("--accept asks you at a terminal: leave it out, and edit what is printed")}
	}
	text, err := a.article(ctx, o)
	if err != nil {
		return err
	}
	c := a.calendarBeside(o)
	from := sourceOf(o, text, source, c)
	if how.Published.IsZero() && from.Known {
		how.Published = from.Published
	}
	if c != nil {
		how.Known = c.Calendar.Events
	}
	how.Proposed = a.proposals(ctx, o, text)
	got, err := draft.Read(text, how)
	switch {
	case errors.Is(err, draft.ErrNoDateline):
		return usageError{fmt.Errorf("%s: %w: give it as --published 2025-10-26", calendarName(o.from), err)}
	case err != nil:
		return fmt.Errorf("%s: %w", calendarName(o.from), err)
	}
	from.Published = got.Published
	for _, p := range got.Dropped {
		a.warn(fmt.Sprintf("proposal %d of %s is dropped, %q: %s", p.Line, o.assist, p.Words, p.Says))
	}
	a.toldDraft(got, o)
	if o.accept {
		return a.acceptAll(ctx, o, from.Source, got)
	}
	return a.printDraft(o, from, got)
}

// how reads the flags.
func (o drafting) how() (how draft.Options, source event.Source, err error) {
	how.Tense = phrase.Tense(o.tense)
	err = known("tense", how.Tense, []phrase.Tense{phrase.Past, phrase.Future})
	if o.published != "" {
		var wrong error
		if how.Published, wrong = civil.ParseDate(o.published); wrong != nil {
			err = errors.Join(err, fmt.Errorf("--published: %w", wrong))
		}
	}
	if o.zone != "" {
		zone, wrong := civil.Zone(o.zone)
		if wrong != nil {
			return how, source, errors.Join(err, fmt.Errorf("--timezone: %w", wrong))
		}
		source.Timezone = zone.String()
	}
	source.Key = cmp.Or(o.source, strings.Replace(sourceKey(o.from), "imported", "article", 1))
	if wrong := event.CheckID(source.Key); wrong != nil {
		err = errors.Join(err, fmt.Errorf("--source: %w", wrong))
	}
	return how, source, err
}

// article reads the text from wherever it is.
func (a *app) article(ctx context.Context, o drafting) (draft.Text, error) {
	client := fetch.Client{Accept: "text/html, text/plain;q=0.9, */*;q=0.1", Local: o.local}
	data, err := a.foreign(ctx, o.from, client, draft.MaxBytes)
	if err != nil {
		return draft.Text{}, err
	}
	if bytes.HasPrefix(data, []byte("%PDF-")) {
		return draft.Text{}, fmt.Errorf("%s: it is a PDF: draft from its text, as pdftotext prints it", calendarName(o.from))
	}
	if data = fetch.Page(data); bytes.IndexByte(data, 0) >= 0 {
		return draft.Text{}, fmt.Errorf("%s: it is neither a text nor a page", calendarName(o.from))
	}
	kind := http.DetectContentType(data)
	if strings.HasPrefix(kind, "text/html") || strings.HasPrefix(kind, "text/xml") || slices.Contains([]string{".html", ".htm", ".xhtml"}, strings.ToLower(filepath.Ext(o.from))) {
		return draft.HTML(string(data)), nil
	}
	return draft.Plain(string(data)), nil
}

// calendarBeside returns the calendar that is there, nil for none: a draft needs none.
func (a *app) calendarBeside(o drafting) *config.Config {
	c, err := a.load()
	switch {
	case errors.Is(err, errNoConfig) && !o.accept:
		return nil
	case err != nil:
		a.warn("the calendar can't be read, so nothing in the draft is compared with it: attache check says why")
		return nil
	}
	return c
}

// sourceOf describes the article. A key that the calendar has for another article gets a
// number, unless a person chose it.
func sourceOf(o drafting, text draft.Text, source event.Source, c *config.Config) config.DraftSource {
	from := config.DraftSource{Source: source, Within: o.to != ""}
	from.Title, from.Publisher = prose.Clip(cmp.Or(text.Title, headline(text)), 200), text.Publisher
	for _, address := range []string{text.URL, o.from} {
		if u, err := url.Parse(address); err == nil && from.URL == "" && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
			u.User = nil
			from.URL = u.String()
		}
	}
	if c == nil {
		return from
	}
	for n := 2; ; n++ {
		i := slices.IndexFunc(c.Calendar.Sources, func(s event.Source) bool { return s.Key == from.Key })
		if i < 0 {
			return from
		}
		if have := c.Calendar.Sources[i]; o.source != "" || from.URL != "" && have.URL == from.URL {
			from.Source, from.Known = have, true
			return from
		}
		from.Key = fmt.Sprintf("%s-%d", source.Key, n)
	}
}

// headline returns the first line of a text, where it can be one: it is short and no sentence.
func headline(text draft.Text) string {
	if len(text.Paragraphs) == 0 || len(text.Paragraphs[0].Text) > 120 || strings.HasSuffix(text.Paragraphs[0].Text, ".") {
		return ""
	}
	return text.Paragraphs[0].Text
}

// toldDraft says what the draft has, on standard error.
func (a *app) toldDraft(got draft.Draft, o drafting) {
	fmt.Fprintf(a.Stderr, "read against %s: %s\n", got.Published, got.Tells)
	says := prose.Count(len(got.Candidates), "date") + " ahead"
	if n := len(got.Behind); n > 0 {
		says += fmt.Sprintf(", %d behind", n)
		if !o.all {
			says += " (see --all)"
		}
	}
	if n := len(got.Unread); n > 0 {
		says += fmt.Sprintf(", %d not read", n)
	}
	fmt.Fprintln(a.Stderr, says)
}

// assistTime is how long an assistant may take.
const assistTime = time.Minute

// proposals asks the program of --assist. Whatever becomes of it, the draft goes on.
func (a *app) proposals(ctx context.Context, o drafting, text draft.Text) []draft.Proposal {
	command := strings.Fields(o.assist)
	if len(command) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, assistTime)
	defer cancel()
	var in strings.Builder
	for _, p := range text.Paragraphs {
		in.WriteString(p.Text + "\n")
	}
	var out limited
	cmd := exec.CommandContext(ctx, command[0], command[1:]...) // no shell: a file name in it stays one
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = strings.NewReader(in.String()), &out, a.Stderr, time.Second
	err := cmd.Run()
	if ctx.Err() != nil {
		err = fmt.Errorf("no whole answer after %s", assistTime)
	}
	if err != nil {
		a.warn(fmt.Sprintf("%s: %v; what it had proposed until then is looked at all the same", command[0], err))
	}
	list, dropped := draft.Proposals(out.String())
	for _, p := range dropped {
		a.warn(fmt.Sprintf("line %d of %s is dropped, %q: %s", p.Line, command[0], p.Words, p.Says))
	}
	return list
}

// limited keeps the first part of what is written to it.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if room := maxAnswer - l.Len(); room > 0 {
		l.Buffer.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}

// maxAnswer is how much of an assistant's answer is read, in octets.
const maxAnswer = 4 << 20

// printDraft prints the draft, or writes it to a file that is new.
func (a *app) printDraft(o drafting, from config.DraftSource, got draft.Draft) error {
	if a.flags.json {
		return a.print(draftView(from.Source, got, o.all), nil)
	}
	var b bytes.Buffer
	if err := config.WriteDraft(&b, from, got); err != nil {
		return err
	}
	if o.all && len(got.Behind) > 0 {
		b.WriteString("\n# looking back:\n")
		for _, p := range got.Behind {
			fmt.Fprintf(&b, "#   line %d, %s: %s\n", p.Line, p.Words, p.Says)
		}
	}
	if o.to == "" {
		_, err := a.out.Write(b.Bytes())
		return err
	}
	return a.writeNew(o.to, b.Bytes(), prose.Count(len(got.Candidates), "event"))
}

// draftJSON is a draft, as programs read it. Its names are a promise.
type draftJSON struct {
	Published  civil.Date      `json:"published"`
	Told       string          `json:"told"` // what told the day
	Source     string          `json:"source"`
	Candidates []candidateJSON `json:"candidates"`
	Unread     []passageJSON   `json:"not_read"`
	Behind     []passageJSON   `json:"looking_back,omitempty"`
	BehindN    int             `json:"looking_back_count"`
}

type candidateJSON struct {
	ID        string              `json:"id"`
	Title     string              `json:"title"`
	Kind      event.Kind          `json:"kind"`
	When      []map[string]string `json:"when"`
	Certainty event.Certainty     `json:"certainty"`
	Status    event.Status        `json:"status"`
	If        string              `json:"if,omitempty"`
	Place     string              `json:"place,omitempty"`
	Parties   []string            `json:"parties,omitempty"`
	Quotes    []string            `json:"quotes,omitempty"` // besides those of its dates
	At        string              `json:"at"`
	Why       string              `json:"why"`
	Unsure    string              `json:"unsure,omitempty"` // both readings, where the tense is not clear
	Perhaps   string              `json:"perhaps,omitempty"`
}

type passageJSON struct {
	Line  int    `json:"line"`
	Words string `json:"words"`
	Says  string `json:"says"`
}

func draftView(source event.Source, got draft.Draft, all bool) draftJSON {
	v := draftJSON{
		Published: got.Published, Told: got.Tells, Source: source.Key,
		Candidates: []candidateJSON{}, Unread: passages(got.Unread), BehindN: len(got.Behind),
	}
	if all {
		v.Behind = passages(got.Behind)
	}
	for _, c := range got.Candidates {
		one := candidateJSON{
			ID: c.ID, Title: c.Title, Kind: c.Kind, Certainty: c.Certainty, Status: event.Open, If: c.If, Place: c.Place, Parties: c.Parties,
			Quotes: c.Quotes, At: c.At, Why: c.Why, Unsure: c.Unsure, Perhaps: c.Perhaps,
		}
		for _, st := range c.Statements {
			m := map[string]string{"source": source.Key, "quote": st.Quote}
			for _, k := range st.Keys {
				m[k.Name] = k.Value
			}
			one.When = append(one.When, m)
		}
		v.Candidates = append(v.Candidates, one)
	}
	return v
}

func passages(list []draft.Passage) []passageJSON {
	out := []passageJSON{}
	for _, p := range list {
		out = append(out, passageJSON(p))
	}
	return out
}
