package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"

	"github.com/spf13/cobra"

	"attache/internal/cluster"
	"attache/internal/config"
	"attache/internal/daemon"
)

func (a *app) standby() *cobra.Command {
	var o daemon.Options
	m := daemon.MemberOptions{StandsBy: true}
	var log string
	c := &cobra.Command{
		Use:   "standby",
		Short: "Follow the machine that leads, and take over when it fails",
		Long: `Follow the machine that leads: serve its feeds and pages, and record and send nothing. When
that machine fails, take over: by itself with etcd, and by attache promote with a folder. It is
attache serve on a machine that never is the first. The configuration needs cluster.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.runServe(cmd.Context(), o, m, log)
		},
	}
	serveFlags(c, &o, &log)
	c.Flags().BoolVar(&m.Force, "force", false, "take over although the event files are not those that were read last")
	c.Flags().BoolVar(&o.Fresh, "fresh", false, "put a database of another installation aside, and follow the log of this one")
	return c
}

func (a *app) promote() *cobra.Command {
	return &cobra.Command{
		Use:   "promote",
		Short: "Have this machine lead, where a folder is the log",
		Long: `Have this machine lead from now on, where the machines meet in a folder. The one that led until
now records nothing any more and stands by; make sure that it sees the folder, or is down. With
etcd a machine takes over by itself.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runPromote(cmd.Context()) },
	}
}

func (a *app) runPromote(ctx context.Context) error {
	path, err := a.path()
	if err != nil {
		return err
	}
	c, err := config.Load(path)
	if err != nil {
		return err
	}
	if c.Cluster == nil {
		return fmt.Errorf("%s has no cluster: this machine is alone, and leads", path)
	}
	name, err := c.Cluster.Machine()
	if err != nil {
		return err
	}
	log, err := daemon.OpenLog(c.Cluster, a.Getenv)
	if err != nil {
		return err
	}
	defer log.Close()
	switch log := log.(type) {
	case *cluster.Folder:
		if err := log.Promote(ctx); err != nil {
			return err
		}
		fmt.Fprintf(a.Stdout, "%s leads from now on, once attache runs there\n", name)
		return nil
	case *cluster.Etcd:
		leader, err := log.Leader(ctx)
		switch {
		case err != nil:
			return err
		case leader == name:
			fmt.Fprintf(a.Stdout, "%s leads already\n", name)
			return nil
		case leader == "":
			return errors.New("no machine leads: with etcd the first one that stands by takes over by itself")
		}
		return fmt.Errorf("%s leads: stop attache there, and a machine that stands by takes over at once", leader)
	}
	return nil
}

// runMember runs a machine of several until it is stopped.
func (a *app) runMember(ctx context.Context, o daemon.Options, m daemon.MemberOptions, signals <-chan os.Signal) error {
	var member *daemon.Member
	m.Role = func(d *daemon.Daemon) {
		if d == nil {
			fmt.Fprintf(a.Stdout, "attache stands by at %s\n", member.Address())
			return
		}
		a.greet(d)
	}
	member, err := daemon.NewMember(o, m)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- member.Run(ctx, drain) }()
	for {
		select {
		case err := <-ended:
			return err
		case s := <-signals:
			switch {
			case s == syscall.SIGHUP:
				member.ReloadLater()
			case ctx.Err() != nil: // a second one means now
				os.Exit(exitFindings)
			default:
				stop()
			}
		}
	}
}
