package cli

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/spf13/cobra"
)

//go:embed help/*.md
var helpFiles embed.FS

// topic is a page of the reference.
type topic struct {
	name  string
	title string // one line
	text  string // Markdown, whose first line is a heading with the title
}

// topics returns the pages of the reference in the order in which people need them.
func topics() []topic {
	var out []topic
	for _, name := range []string{"dates", "calendar", "draft", "slack", "feeds", "access", "follow", "operate", "editors", "api"} {
		b, err := fs.ReadFile(helpFiles, path.Join("help", name+".md"))
		if err != nil {
			panic(err) // it is part of the program
		}
		first, _, _ := strings.Cut(string(b), "\n")
		out = append(out, topic{name, strings.TrimPrefix(first, "# "), string(b)})
	}
	return out
}

// helpCommand explains a topic or a command. A word that is both, such as feeds, is a
// topic here; --help explains the command.
func (a *app) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [TOPIC|COMMAND]",
		Short: "Explain a topic or a command",
		Long:  "Explain a topic or a command.\n\n" + topicList(),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return helpWords(cmd.Root()), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.explain(cmd.Root(), args) },
	}
}

func (a *app) explain(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return root.Help()
	}
	if len(args) == 1 {
		for _, t := range topics() {
			if t.name == args[0] {
				a.printf("%s", a.readable(t.text))
				return nil
			}
		}
	}
	cmd, rest, err := root.Find(args)
	if err != nil || cmd == root || len(rest) > 0 {
		return usageError{fmt.Errorf("there is no help on %q%s", strings.Join(args, " "), nearHelp(root, args[0]))}
	}
	cmd.InitDefaultHelpFlag() // as --help would have it
	return cmd.Help()
}

// readable returns Markdown as a terminal shows it: as it is, and with headings in bold
// where that can be.
func (a *app) readable(text string) string {
	if !a.Color {
		return text
	}
	var out strings.Builder
	code := false
	for line := range strings.Lines(text) {
		code = code != strings.HasPrefix(line, "```")
		if strings.HasPrefix(line, "#") && !code {
			line = "\x1b[1m" + strings.TrimSpace(strings.TrimLeft(line, "#")) + "\x1b[0m\n"
		}
		out.WriteString(line)
	}
	return out.String()
}

// topicList lists the topics for the help of attache itself.
func topicList() string {
	var out strings.Builder
	out.WriteString("Topics, each with `attache help TOPIC`:")
	for _, t := range topics() {
		_, about, _ := strings.Cut(t.title, ": ")
		fmt.Fprintf(&out, "\n  %-10s  %s", t.name, about)
	}
	return out.String()
}

// helpWords returns what can be asked for: topics and commands.
func helpWords(root *cobra.Command) []string {
	var out []string
	for _, t := range topics() {
		out = append(out, t.name)
	}
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Name() != "feeds" { // a topic too
			out = append(out, c.Name())
		}
	}
	return out
}

// nearHelp returns what somebody may have meant who asked for help on word.
func nearHelp(root *cobra.Command, word string) string {
	words := &cobra.Command{SuggestionsMinimumDistance: 2}
	for _, name := range helpWords(root) {
		words.AddCommand(&cobra.Command{Use: name, Run: func(*cobra.Command, []string) {}})
	}
	if near := words.SuggestionsFor(word); len(near) > 0 {
		return fmt.Sprintf(": did you mean %q?", near[0])
	}
	return ": attache help lists the topics and the commands"
}
