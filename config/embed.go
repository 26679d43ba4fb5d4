// Package config holds the files that people edit, as attache ships them:
// attache.yaml and the example calendar in events, with the schemas by which editors
// complete and check them. They are ready to be copied to where somebody wants to keep
// their own.
package config

import "embed"

// FS holds the shipped files under their names in this folder: attache.yaml,
// events/*.yaml and the schemas.
//
//go:embed attache.yaml events/*.yaml *.schema.json
var FS embed.FS
