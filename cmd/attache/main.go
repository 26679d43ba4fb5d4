// Command attache keeps a calendar of unsettled dates, publishes it, and tells
// people when a date moves, firms up or lapses.
package main

import (
	"context"
	"os"
	_ "time/tzdata" // the zones of the day it was built, on any machine

	"attache/internal/cli"
)

// version is set when a release is built.
var version = "dev"

func main() {
	os.Exit(cli.Run(context.Background(), cli.System(version), os.Args[1:]))
}
