package draft

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/lengthtest"
	"attache/internal/phrase"
)

var sunday = civil.Date{Year: 2025, Month: time.October, Day: 26}

// drafted reads a text of 26 October 2025, a Sunday.
func drafted(t *testing.T, text string, o Options) Draft {
	t.Helper()
	o.Published = sunday
	p := Plain(text)
	d, err := Read(p, o)
	if err != nil {
		t.Fatal(err)
	}
	sound(t, p, d)
	return d
}

// dates returns the dates of a draft as a file would have them.
func dates(d Draft) (out []string) {
	for _, c := range d.Candidates {
		for _, st := range c.Statements {
			var parts []string
			for _, k := range st.Keys {
				parts = append(parts, strings.TrimPrefix(k.Name+" "+k.Value, "phrase "))
			}
			out = append(out, strings.Join(parts, ", "))
		}
	}
	return out
}

func TestRead_WhereItLooks(t *testing.T) {
	for text, want := range map[string][]string{
		"The ministers will meet on Thursday.":                                                        {"on Thursday"},
		"The ministers met on Thursday.":                                                              nil,
		"The minister arrived on Thursday and will leave on Friday.":                                  {"on Friday"},
		"Talks are scheduled for 12 November.":                                                        {"12 November"},
		"He said on Friday that the talks would begin on Monday.":                                     {"on Monday"},
		"On Monday, the council will decide.":                                                         {"On Monday"},
		"On Monday, the council decided.":                                                             nil,
		"The treaty was signed on 3 March 2024.":                                                      nil,
		"The treaty, signed on 3 March 2024, expires on 3 March 2026.":                                {"on 3 March 2026"},
		"It has threatened to act on 1 November.":                                                     {"on 1 November"},
		"The two agreed to meet next week.":                                                           {"next week"},
		"The deadline passed last week.":                                                              nil,
		"The council meets on Tuesday.":                                                               {"on Tuesday"},
		"The council will meet on Sunday.":                                                            {"on 2025-10-26"},
		"The council will meet next Sunday.":                                                          {"next Sunday"},
		"He travelled to Paris to sign the accord on Friday.":                                         {"on Friday"},
		"Replies are due by 14 November.":                                                             {"by 14 November"},
		"The hearing set for 12 November was postponed until 3 December.":                             {"3 December"},
		"The hearing was moved from 12 November to 3 December.":                                       {"3 December"},
		"The summit on 20 November has been cancelled.":                                               nil,
		"He was detained for 30 days at the age of 26, and paid 2,026 crowns on the second of three.": nil,
		"May the talks succeed. The troops march on. Call +1 202 555 2026.":                           nil,
		"Theresa May spoke. April Jones left. Black Friday sales rose.":                               nil,
		"The five-day tour lasts two weeks.":                                                          nil,
	} {
		if got := dates(drafted(t, text, Options{})); !slices.Equal(got, want) {
			t.Errorf("%s\n%q, want %q", text, got, want)
		}
	}
}

func TestRead_Unsure(t *testing.T) {
	d := drafted(t, "He travelled to Paris to sign the accord on Friday.", Options{})
	if want := `"on Friday" is on 2025-10-31 if it looks ahead, on 2025-10-24 if it looks back`; len(d.Candidates) != 1 || d.Candidates[0].Unsure != want {
		t.Errorf("%+v, want %s", d.Candidates, want)
	}
	for tense, want := range map[phrase.Tense][]string{phrase.Future: {"on Friday"}, phrase.Past: nil} {
		if got := dates(drafted(t, "He travelled to Paris to sign the accord on Friday.", Options{Tense: tense})); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", tense, got, want)
		}
	}
}

func TestRead_CertaintyAndCondition(t *testing.T) {
	for text, want := range map[string][2]string{
		"They may meet on Thursday.":                                          {"possible", ""},
		"They are expected to meet on Thursday.":                              {"likely", ""},
		"They will meet on Thursday.":                                         {"planned", ""},
		"A meeting is scheduled for Thursday.":                                {"planned", ""},
		"The ministry confirmed that they will meet on Thursday.":             {"confirmed", ""},
		"They will meet on Thursday, the ministry announced.":                 {"confirmed", ""},
		"It is not confirmed that they will meet on Thursday.":                {"planned", ""},
		"Talks on Thursday.":                                                  {"possible", ""},
		"The tariffs take effect on 1 November if Beijing acts.":              {"possible", "Beijing acts"},
		"If Beijing acts, tariffs will follow on 1 November.":                 {"planned", "Beijing acts"},
		"The ban expires on 1 November unless it is renewed.":                 {"possible", "unless it is renewed"},
		"They will meet on Thursday, if necessary at night.":                  {"planned", ""},
		"He will be asked on Thursday if he agrees, even if it is late.":      {"planned", "he agrees"},
		"The truce ends on 10 November, provided that both sides keep to it.": {"possible", "provided that both sides keep to it"},
	} {
		d := drafted(t, text, Options{})
		if len(d.Candidates) != 1 || string(d.Candidates[0].Certainty) != want[0] || d.Candidates[0].If != want[1] {
			t.Errorf("%s\n%+v, want %q", text, d.Candidates, want)
		}
	}
}

// Two dates of one thing are one event with two statements, and what two paragraphs say of the
// same day and the same thing is one event with two quotes.
func TestRead_OneThing(t *testing.T) {
	for text, want := range map[string]int{
		"He may travel early next year, ahead of 17 February.":                                                                                     1,
		"The ministers will meet on Monday and the presidents on Friday.":                                                                          2,
		"The EU ministers will meet in Rome on 12 November.\n\nIn Rome the ministers will discuss fish: EU ministers meet in Rome on 12 November.": 1,
		"Ministers will meet in Rome on 12 November.\n\nThe court will rule on 12 November.":                                                       2,
	} {
		if d := drafted(t, text, Options{}); len(d.Candidates) != want {
			t.Errorf("%s\n%d events, want %d: %+v", text, len(d.Candidates), want, d.Candidates)
		}
	}
	if got := drafted(t, "He may travel early next year, ahead of 17 February.", Options{}).Candidates[0].Statements; len(got) != 2 {
		t.Errorf("%+v, want two statements", got)
	}
}

// What takes place before something else does not take place on its day.
func TestRead_LeansOnAnother(t *testing.T) {
	d := drafted(t, "A preparatory meeting in Rome will be held before the climate summit on 20 November.", Options{})
	if got, want := dates(d), []string{"on 20 November", "before event:climate-summit"}; !slices.Equal(got, want) || d.Candidates[1].Kind != event.Meeting {
		t.Errorf("%q, want %q: %+v", got, want, d.Candidates)
	}
}

func TestRead_Known(t *testing.T) {
	known := []event.Event{
		{ID: "beijing-visit", Title: "Trump travels to Beijing", Parties: []string{"US", "China"}, People: []string{"Donald Trump"}, Place: "Beijing"},
		{ID: "trump-xi-meeting", Title: "Trump and Xi meet in South Korea", Parties: []string{"US", "China"}, People: []string{"Donald Trump", "Xi Jinping"}, Place: "South Korea"},
		{ID: "court-day", Title: "Opening of the court", Parties: []string{"Norland"}},
	}
	for text, want := range map[string]string{
		"Trump may travel to Beijing in April 2026.":                       "beijing-visit",
		"Trump and Xi are expected to meet in South Korea on 30 October.":  "trump-xi-meeting",
		"Merz may travel to Rome in April 2026.":                           "",
		"The President of the United States will visit Japan in May 2026.": "",
		"The opening of the court is on 3 November.":                       "court-day",
	} {
		d := drafted(t, text, Options{Known: known})
		if len(d.Candidates) != 1 || d.Candidates[0].Perhaps != want {
			t.Errorf("%s\n%+v, want %q", text, d.Candidates, want)
		}
	}
}

func TestRead_NotRead(t *testing.T) {
	d := drafted(t, "\nThe rule takes effect 60 days after publication.", Options{})
	if len(d.Candidates) != 0 || len(d.Unread) != 1 || d.Unread[0].Line != 2 || !strings.Contains(d.Unread[0].Says, "event:ID") {
		t.Errorf("%+v", d)
	}
}

func TestRead_TooMany(t *testing.T) {
	text := Plain(strings.Repeat("The ministers of Norland will meet on 3 November. The court of Sudland will sit on 4 November.\n", 10))
	if d, err := Read(text, Options{Published: sunday}); err != nil || len(d.Candidates) != 2 {
		t.Errorf("%d candidates, %v", len(d.Candidates), err)
	}
	var b strings.Builder
	for day := range 40 * 31 {
		b.WriteString("A meeting will be held on " + civil.Short(sunday.AddDays(day+1)) + ".\n")
	}
	if _, err := Read(Plain(b.String()), Options{Published: sunday}); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Error(err)
	}
}

func TestRead_Dateline(t *testing.T) {
	for name, c := range map[string]struct {
		text Text
		want string // the day, or words of the refusal
	}{
		"a place, a day and a dash":    {Plain("KUALA LUMPUR, Oct. 26, 2025 (Wire) – The two sides will meet."), "2025-10-26"},
		"a place with a comma":         {Plain("WASHINGTON, D.C., October 26, 2025 — The two sides will meet."), "2025-10-26"},
		"a line of its own":            {Plain("Statement\n\nBrussels, 26 October 2025\n\nThe two sides will meet."), "2025-10-26"},
		"a label":                      {Plain("Statement\nPublished: 2025-10-26\nThe two sides will meet."), "2025-10-26"},
		"a gazette":                    {Plain("Federal Register / Vol. 90, No. 205 / Monday, October 27, 2025 / Notices"), "2025-10-27"},
		"no year":                      {Plain("KUALA LUMPUR, Oct 26 (Wire) - The two sides will meet."), `"KUALA LUMPUR, Oct 26", without a year`},
		"none":                         {Plain("The two sides will meet on 26 October 2025."), "does not say"},
		"nothing":                      {Plain(""), "does not say"},
		"meta":                         {HTML(`<meta property="article:published_time" content="2025-10-26T23:30:00+08:00"><p>Hello`), "2025-10-26"},
		"meta before all":              {HTML(`<time datetime="2025-01-01"></time><script type="application/ld+json">{"datePublished":"2025-01-02"}</script><meta property="article:published_time" content="2025-10-26">`), "2025-10-26"},
		"JSON-LD":                      {HTML(`<time datetime="2025-01-01">x</time><script type="application/ld+json">[{"@graph":[{"a":[1,{"datePublished":"2025-10-26"}]}]}]</script>`), "2025-10-26"},
		"JSON-LD that is none":         {HTML(`<script type="application/ld+json">{{"datePublished"</script><time datetime="2025-10-26">x</time>`), "2025-10-26"},
		"time":                         {HTML(`<article><time datetime="2025-10-26T08:00Z">Today</time><p>Hello</article>`), "2025-10-26"},
		"the first line of an article": {HTML(`<main><h1>News</h1><p>Brussels, 26 October 2025 – The two sides will meet.</main>`), "2025-10-26"},
	} {
		d, err := Read(c.text, Options{})
		if err != nil && (!errors.Is(err, ErrNoDateline) || !strings.Contains(err.Error(), c.want)) || err == nil && d.Published.String() != c.want {
			t.Errorf("%s: %s, %v, want %s", name, d.Published, err, c.want)
		}
	}
}

func TestHTML(t *testing.T) {
	for name, c := range map[string]struct{ page, want string }{
		"paragraphs":           {"<p>One\n two.</p><p>Three.", "One two.|Three."},
		"entities":             {"<p>Xi&#8217;s&nbsp;visit &amp; talks", "Xi’s visit & talks"},
		"no scripts":           {"<p>a<script>on 3 May 2030</script><style>b</style><noscript>c</noscript>d", "a|d"},
		"no comments":          {"<p>a<!-- on 3 May 2030 -->b", "ab"},
		"no navigation":        {"<nav><p>a</p></nav><p>b</p><footer>c</footer>", "b"},
		"the article":          {"<p>a</p><article><header>b</header><p>c</p></article><p>d</p>", "b|c"},
		"the main part":        {"<header>a</header><main><p>b</p></main>", "b"},
		"the longest article":  {"<article>a</article><article>bbbb</article><article>c</article>", "bbbb"},
		"nested":               {"<main><nav>a</nav><div><p>b</p><div class='comments'><p>c</p></div></div><p>d</p></main>", "b|d"},
		"never closed":         {"<article><p>a<p>b<ul><li>c<li>d", "a|b|c|d"},
		"closed twice":         {"</div></p></article><p>a</p></nav>", "a"},
		"hidden":               {"<p hidden>a</p><div style='display: none'>b</div><p>c</p>", "c"},
		"inline":               {"<p>on <b>Tues</b>day, <a href=x>3 March</a>", "on Tuesday, 3 March"},
		"a line of a diary":    {"<p>FRIDAY, APRIL 24<br>PARIS - Talks<br>ROME - Summit</p>", "FRIDAY, APRIL 24|PARIS - Talks|ROME - Summit"},
		"a table":              {"<table><tr><td>3 March</td><td>Hearing</td></tr><tr><td>4 March</td><td>Ruling</td></tr></table>", "3 March Hearing|4 March Ruling"},
		"nothing":              {"", ""},
		"a bracket":            {"<", "<"},
		"turned round, hidden": {"<p>a\u202eb\x00c", "abc"},
	} {
		var got []string
		for _, p := range HTML(c.page).Paragraphs {
			got = append(got, p.Text)
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestProposals(t *testing.T) {
	text := "Trump may travel to Beijing early next year. The June deadline stands.\n\nHe arrived on Friday."
	list, dropped := Proposals(`{"quote":"travel to Beijing early next year","title":"Trump travel to Beijing","kind":"visit","parties":["Trump","China"]}
nonsense
{"quote":"to Beijing on 3 March 2026"}
{"quote":"arrived on Friday"}
{"quote":"may travel to Beijing early next year","title":"Trump flies to Beijing","kind":"party"}
`)
	if len(list) != 4 || len(dropped) != 1 || dropped[0].Line != 2 {
		t.Fatalf("%+v, %+v", list, dropped)
	}
	d := drafted(t, text, Options{Proposed: list})
	c := d.Candidates[0]
	if c.Title != "Trump travel to Beijing" || c.Kind != event.Visit || !slices.Equal(c.Parties, []string{"Trump"}) {
		t.Errorf("%+v", c)
	}
	var why []string
	for _, p := range d.Dropped {
		why = append(why, p.Says)
	}
	if want := []string{"the text does not have the quote", "no date that looks ahead is read in it"}; !slices.Equal(why, want) {
		t.Errorf("%q, want %q", why, want)
	}
}

// worst are texts that could cost more than their length.
func worst(n int) []string {
	var out []string
	for _, s := range []string{
		"May ", "on Thursday ", "3 ", "(", "a.", ". (", "\n", "- ", "A - ", "FRIDAY\n", "“", "if ", "to ", ", ", "before the summit ", "early next year, ", "<div>", "<article>", "</p>", "<!--", "&", "<nav>",
		"in ", "the end of ", "one ", "x", "A, ", "<script type='application/ld+json'>[", "next week and ", "The meeting on 3 May 2024. ",
	} {
		out = append(out, strings.Repeat(s, n/len(s)))
	}
	return out
}

// A text that is made to be slow takes no more work than its length is worth.
func TestRead_Worst(t *testing.T) {
	n := lengthtest.Of(1500, 20_000)
	short, long := worst(n), worst(2*n)
	for i := range short {
		for _, read := range []func(string) Text{Plain, HTML} {
			work := func(s string) float64 {
				return testing.AllocsPerRun(1, func() { _, _ = Read(read(s), Options{Published: sunday}) }) // too many dates is fine
			}
			if one, two := work(short[i]), work(long[i]); two > 3*one+500 {
				t.Errorf("%.20q: %.0f pieces of memory, %.0f for twice the text", short[i], one, two)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range worst(60) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, text := range []Text{Plain(s), HTML(s)} {
			d, err := Read(text, Options{Published: sunday})
			if err == nil {
				sound(t, text, d)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	text := strings.Repeat("The two sides met in Geneva for three hours, he said, and the second round of talks is expected to follow in the spring. "+
		"Nobody at the ministry would say what the delegations had agreed on, or whether the other capitals had been told.\n\n", 2000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Read(Plain(text), Options{Published: sunday}); err != nil {
			b.Fatal(err)
		}
	}
}

// What the same bytes take as markup alone: how fast a text is read is told against it.
func BenchmarkHTML(b *testing.B) {
	page := "<article>" + strings.Repeat("<p>The two sides met in Geneva for three hours, he said, and the second <b>round</b> of talks is expected to follow in the spring. "+
		"Nobody at the ministry would say what the delegations had agreed on, or whether the other capitals had been told.</p>\n", 2000) + "</article>"
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		HTML(page)
	}
}
