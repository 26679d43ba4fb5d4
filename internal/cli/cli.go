// Package cli is the command line: one file for each command, and what they
// share. A command reads its flags, asks the daemon or the files, and prints; it
// decides nothing that the daemon would have to decide again.
//
// Invariants:
//   - Whoever runs a command is told what is wrong in one line on standard error, with the
//     place in the file for what a person wrote, and by the exit status.
//   - Standard output has what was asked for and nothing else, so that it can be piped.
//   - A command that reads asks a [calendar.Reader]: the running daemon, or where none runs
//     package offline.
//
// A command is one method that returns a cobra.Command and one that runs it:
//
//	func (a *app) why() *cobra.Command
package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attache/internal/calendar"
	"attache/internal/config"
	"attache/internal/store"
)

// The exit statuses, which scripts rely on. 65, 75 and 78 are those of
// sysexits.h.
const (
	exitOK       = 0
	exitFindings = 1  // something was found, or failed
	exitUsage    = 2  // the command line is wrong
	exitDamaged  = 65 // the database is damaged
	exitRetry    = 75 // the database is locked
	exitConfig   = 78 // the configuration is wrong
)

// Env is what a command sees of the world.
type Env struct {
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	Getenv  func(string) string
	Now     func() time.Time
	Color   bool // whether Stdout takes colour
	Ask     bool // whether there is a person at Stdin who can be asked
	Screen  bool // whether Stdout is a terminal, which nobody keeps
	Version string
}

// System returns the real world, for the version of the program.
func System(version string) Env {
	terminal := isTerminal(os.Stdout)
	return Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Now: time.Now,
		Color: terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", Version: version,
		Screen: terminal, Ask: isTerminal(os.Stdin) && isTerminal(os.Stderr),
	}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// app is one run of the command line.
type app struct {
	Env
	flags flags
	out   *output       // to Stdout
	lines *bufio.Reader // of Stdin, once a person was asked

	reader calendar.Reader // answers instead of a daemon or the files; nil is those
}

// Run runs the command line args and returns the exit status.
func Run(ctx context.Context, env Env, args []string) int {
	a := &app{Env: env, out: &output{to: env.Stdout}}
	return a.run(ctx, args)
}

func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	root.SetOut(a.Stdout)
	root.SetErr(a.Stderr)
	root.SetIn(a.Stdin)
	err := root.ExecuteContext(ctx)
	if a.out.err != nil {
		err = a.out.err
	}
	return a.report(err)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "attache",
		Short: "A calendar of dates that are not settled yet: as feeds, as Slack messages and on a page",
		Long: `attache keeps a calendar of dates that are not settled yet. It knows what was said and
by whom, works out when each date can be, and tells people when that changes: in calendar
feeds, in Slack and on a page.

` + topicList(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       a.Version,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.PersistentFlags().StringVar(&a.flags.config, "config", "", "use this configuration `FILE` (default: the first there is of $ATTACHE_CONFIG, config/attache.yaml, ~/.config/attache/attache.yaml, /etc/attache/attache.yaml)")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.SetHelpCommand(a.helpCommand())
	root.AddCommand(
		a.serve(), a.standby(), a.promote(), a.demo(), a.check(), a.feeds(), a.access(), a.export(), a.render(), a.list(), a.show(), a.why(), a.changes(), a.plan(), a.simulate(), a.importCommand(), a.draftCommand(),
		a.set(), a.outcome(), a.deferCommand(), a.cancel(), a.seen(), a.addCommand(), a.edit(), a.settleCommand(), a.lsp(),
		a.health(), a.doctor(), a.backup(), a.restore(), a.compact(), a.notices(),
		a.initCommand(), a.configCommand(), a.schema(), a.version(), a.man(),
	)
	a.offerWords(root)
	return root
}

// usageError is an error in the command line itself.
type usageError struct{ error }

// errFindings says that a command ran and found something wrong, which it has
// printed.
var errFindings = errors.New("findings")

// findings returns the error of a command that has printed what it found, with err where
// it could not.
func findings(found bool, err error) error {
	if err == nil && found {
		return errFindings
	}
	return err
}

// report returns on standard error what went wrong, and returns the exit status.
func (a *app) report(err error) int {
	var wrong config.Errors
	var damaged *store.DamagedError
	var newer *store.NewerError
	var usage usageError
	var other *store.OtherError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errRefused):
		return exitConfig
	case errors.As(err, &wrong):
		if err := config.Format(a.Stderr, wrong); err != nil {
			return exitFindings
		}
		return exitConfig
	}
	fmt.Fprintln(a.Stderr, "attache:", oneLine(err))
	switch {
	case errors.As(err, &damaged), errors.As(err, &newer), errors.Is(err, store.ErrGone):
		return exitDamaged
	case errors.Is(err, store.ErrLocked):
		return exitRetry
	case errors.As(err, &usage), strings.HasPrefix(err.Error(), "unknown command"):
		return exitUsage
	case errors.Is(err, errNoConfig), errors.As(err, &other):
		return exitConfig
	}
	return exitFindings
}

// oneLine writes err on one line.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// errNoConfig says that there is no configuration to read.
var errNoConfig = errors.New("no configuration")

// path returns the path of the configuration.
func (a *app) path() (string, error) {
	p, err := config.Find(a.flags.config, a.Getenv)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errNoConfig, err)
	}
	return p, nil
}

// settings reads the configuration as far as it is needed to find the daemon.
func (a *app) settings() (*config.Config, error) {
	p, err := a.path()
	if err != nil {
		return nil, err
	}
	return config.Settings(p), nil
}

// load reads the configuration.
func (a *app) load() (*config.Config, error) {
	p, err := a.path()
	if err != nil {
		return nil, err
	}
	return config.Load(p)
}
