// Package config reads the files that people edit: attache.yaml and the files of
// events it names. What it gives out is checked; what is wrong is said all at
// once, each with its file, line and column.
//
//	cfg, err := config.Load("config/attache.yaml")
//	var wrong config.Errors
//	if errors.As(err, &wrong) {
//		return config.Format(os.Stderr, wrong) // each with its line and a caret below it
//	}
//	fmt.Println(cfg.Timezone, len(cfg.Calendar.Events))
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
//   - What is published repeats nothing that stands in a file and is wrong: see
//     [Error.Published]. Only the author, on a terminal, is shown the line.
//   - A key is described once, by a field of the struct of its map, such as [Config],
//     [Feed] or [Calendar]. The reader, the hints at what was meant, the defaults, the
//     JSON Schema and [Show] all go by it.
//
// Files are decoded into nodes and from these into the structs, since only nodes know
// their line and column. They are never written back from here.
//
// # Adding a key
//
// Add a field to the struct of its map:
//
//	// Edits within this time become one change notice, as in 2m
//	Settle time.Duration `yaml:"settle" default:"2m"`
//
// Its type says how it is read. The comment above it is what editors show; write the
// schema anew with: go test ./internal/config -run Schema -update. These are the tags:
//
//	yaml      the key; a field without it is no part of the file
//	as        how the value is written where its type does not tell, such as channel or zone
//	default   what holds where nothing is written, as YAML
//	choice    the words to choose from, divided by commas
//	range     the least and the greatest number, divided by a blank
//	item      what messages call one item of a list: a feed
//	required  it may not be left out; the text says what to add
//	secret    it is shown as ***
//	restart   a daemon takes it at its start alone, and says so where it changes
//
// Fields are read in their order. What has to hold among several of them stands in the
// method check of the struct, which is called when all of them are read. A struct of
// another package, such as agenda.Filter, has one of the same fields here that carries
// the tags, see shapeOf.
package config
