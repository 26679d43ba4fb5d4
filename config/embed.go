// Package config holds the files that people edit, as attache ships them:
// attache.yaml and the example calendar in events, with the schemas by which editors
// complete and check them, and the Slack app to install. They are ready to be copied to
// where somebody wants to keep their own.
package config

import "embed"

// FS holds the shipped files under their names in this folder: attache.yaml,
// events/*.yaml, the schemas, the manifest of the Slack app, and demo.yaml, the edits that
// attache demo makes in the example.
//
//go:embed attache.yaml demo.yaml slack-manifest.yaml events/*.yaml *.schema.json
var FS embed.FS
