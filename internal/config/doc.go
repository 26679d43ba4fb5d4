// Package config reads the files that people edit: attache.yaml and the files of
// events it names. What it gives out is checked; what is wrong is said all at
// once, each with its file, line and column.
//
// Invariants:
//   - Reading never panics, hangs or takes more memory than the size of the files
//     warrants, whatever is in them: size, keys, nesting and repetition through
//     aliases are bounded before they cost anything, and decoding has a deadline.
//   - A value is never guessed. An unknown key, word, zone or id is an error that
//     names what may have been meant; keys that begin with x- are the user's own.
//   - Text stays as it was written: a date is read from its characters and never
//     from what YAML would make of it, and no is a country.
//   - Secrets are not part of a Config. They are read apart ([Config.SlackToken])
//     and print as ***.
//
// Files are decoded into nodes rather than into structs, since only nodes know
// their line and column. They are never written back from here.
package config
