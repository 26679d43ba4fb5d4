// Package lengthtest says how far the tests go: `go test ./...` is for people who wait for it,
// and .ci/run, which sets ATTACHE_LONG, draws, kills and simulates many times more.
// Only tests import it.
package lengthtest

import (
	"flag"
	"os"
	"strconv"
	"testing"
)

// Of returns the usual of two numbers, or the long one where ATTACHE_LONG is set.
func Of(usual, long int) int {
	if os.Getenv("ATTACHE_LONG") != "" {
		return long
	}
	return usual
}

// Main runs the tests of a package whose properties are costly to check. Each property is
// checked on so many draws as usual, and at full length on the 100 of package rapid.
// The flag -rapid.checks prevails.
func Main(m *testing.M, usual int) {
	if draws := Of(usual, 0); draws > 0 {
		if err := flag.Set("rapid.checks", strconv.Itoa(draws)); err != nil {
			panic(err) // it is a flag of package rapid, which every such package imports
		}
	}
	flag.Parse()
	m.Run()
}
