package cli

import (
	"github.com/spf13/cobra"

	shipped "attache/config"
	"attache/internal/config"
)

func (a *app) configCommand() *cobra.Command {
	c := &cobra.Command{Use: "config", Short: "Show the configuration in use", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	c.AddCommand(&cobra.Command{
		Use:   "path",
		Short: "Print the path of attache.yaml",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			p, err := a.path()
			if err != nil {
				return err
			}
			a.printf("%s\n", p)
			return nil
		},
	})
	c.AddCommand(a.configShow())
	return c
}

func (a *app) configShow() *cobra.Command {
	var redact bool
	c := &cobra.Command{
		Use:   "show",
		Short: "Print all settings, with the values of those you left out",
		Long: `Print all settings, with the values of those that attache.yaml leaves out. What may be
secret is shown as ***, unless you say --redact=false. Tokens are never shown.`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			p, err := a.path()
			if err != nil {
				return err
			}
			b, err := config.Show(p, a.Getenv, redact)
			if err != nil {
				return err
			}
			_, err = a.out.Write(b)
			return err
		},
	}
	c.Flags().BoolVar(&redact, "redact", true, "show what may be secret as ***")
	return c
}

func (a *app) schema() *cobra.Command {
	var events bool
	c := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of attache.yaml, for editors",
		Long: `Print the JSON Schema (draft-07) of attache.yaml. An editor with a YAML language
server completes and checks a file whose first line is
  # yaml-language-server: $schema=attache.schema.json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			name := "attache.schema.json"
			if events {
				name = "events.schema.json"
			}
			b, err := shipped.FS.ReadFile(name)
			if err != nil {
				return err
			}
			_, err = a.out.Write(b)
			return err
		},
	}
	c.Flags().BoolVar(&events, "events", false, "print the schema of event files instead")
	return c
}

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			a.printf("attache %s\n", a.Version)
			return nil
		},
	}
}
