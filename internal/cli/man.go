package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cpuguy83/go-md2man/v2/md2man"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// man writes the manual pages for those who make packages: a page of section 1 for each
// command, and one of section 7 for each topic.
func (a *app) man() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write the manual pages into a folder: DIR/man1 has the commands, DIR/man7 the topics",
		Hidden: true,
		Args:   oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			cmd.Root().DisableAutoGenTag = true
			if err := a.manCommand(filepath.Join(args[0], "man1"), cmd.Root()); err != nil {
				return err
			}
			for _, t := range topics() {
				if err := writePage(filepath.Join(args[0], "man7"), "attache-"+t.name+".7", a.manTopic(t)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// manCommand writes the page of a command, and those of the commands below it.
func (a *app) manCommand(dir string, c *cobra.Command) error {
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			if err := a.manCommand(dir, sub); err != nil {
				return err
			}
		}
	}
	var page bytes.Buffer
	name := strings.ReplaceAll(c.CommandPath(), " ", "-")
	head := &doc.GenManHeader{Title: strings.ToUpper(name), Section: "1", Date: &time.Time{}, Source: "attache " + a.Version, Manual: "attache"}
	if err := doc.GenMan(c, head, &page); err != nil {
		return fmt.Errorf("write the page of %s: %w", c.CommandPath(), err)
	}
	// No date, so that the same program makes the same pages.
	return writePage(dir, name+".1", bytes.Replace(page.Bytes(), []byte(`"Jan 0001"`), []byte(`""`), 1))
}

// manTopic returns the page of a topic. Its headings become sections, and a topic that it
// names becomes the page of that.
func (a *app) manTopic(t topic) []byte {
	_, text, _ := strings.Cut(t.text, "\n")
	_, about, _ := strings.Cut(t.title, ": ")
	text = strings.ReplaceAll("\n"+text, "\n## ", "\n# ")
	for _, other := range topics() {
		text = strings.ReplaceAll(text, "`attache help "+other.name+"`", "**attache-"+other.name+"**(7)")
	}
	head := fmt.Sprintf("%% \"ATTACHE-%s\" \"7\" \"\" \"attache %s\" \"attache\"\n# NAME\nattache-%s - %s\n\n# DESCRIPTION\n",
		strings.ToUpper(t.name), a.Version, t.name, about)
	return md2man.Render([]byte(head + text + "\n# SEE ALSO\n**attache**(1)\n"))
}

func writePage(dir, name string, page []byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), page, 0o644)
}
