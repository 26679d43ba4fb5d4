// Package lsp answers an editor by the Language Server Protocol: what is wrong in the files as
// they are edited, what can be written at a place, and why an event has the date that it has.
//
//	err := lsp.Serve(ctx, lsp.Config{Check: check}, os.Stdin, os.Stdout)
//
// Invariants:
//   - What is wrong is what attache check says, in its words: both ask the same function, and
//     the texts of the editor stand in for the files.
//   - No file is written. What an editor may change it is told, and does itself.
//   - One goroutine, that of [Serve], has the state and writes. Checks run beside it, one at a
//     time, on a copy; what a check finds is dropped if the text changed meanwhile.
//   - Serve returns when the editor says so, closes the stream, or is gone.
package lsp
