package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"attache/internal/config"
)

// The forms in which check says what it found.
const (
	formatText   = "text"
	formatJSON   = "json"
	formatGitHub = "github" // annotations of a pull request
	formatSARIF  = "sarif"  // SARIF 2.1.0, which other code hosts and editors read
)

var formats = []string{formatText, formatJSON, formatGitHub, formatSARIF}

// GitHub takes a line as a command; these characters would end it or its values.
var (
	githubText  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubValue = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// annotate writes what was found as annotations of GitHub, each on a line.
func annotate(w io.Writer, v checkView) {
	for _, list := range []struct {
		level string
		found config.Errors
	}{{"error", v.Errors}, {"warning", v.Warnings}} {
		for _, e := range list.found {
			fmt.Fprintf(w, "::%s file=%s", list.level, githubValue.Replace(filepath.ToSlash(e.File)))
			if e.Line > 0 {
				fmt.Fprintf(w, ",line=%d,col=%d", e.Line, max(e.Column, 1))
			}
			fmt.Fprintf(w, "::%s\n", githubText.Replace(e.Message))
		}
	}
}

// sarifLog is a log of SARIF 2.1.0 as far as check needs one.
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool    sarifTool     `json:"tool"`
	Columns string        `json:"columnKind"`
	Results []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID string `json:"id"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	Level     string          `json:"level"`
	Message   sarifMessage    `json:"message"`
	Locations []sarifLocation `json:"locations"`
	Fixes     []sarifFix      `json:"fixes,omitempty"`
}

type sarifFix struct {
	Description sarifMessage  `json:"description"`
	Changes     []sarifChange `json:"artifactChanges"`
}

type sarifChange struct {
	Artifact     sarifArtifact      `json:"artifactLocation"`
	Replacements []sarifReplacement `json:"replacements"`
}

type sarifReplacement struct {
	Deleted  sarifRegion  `json:"deletedRegion"`
	Inserted sarifMessage `json:"insertedContent"`
}

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	Line   int `json:"startLine"`
	Column int `json:"startColumn"`
	End    int `json:"endColumn,omitempty"`
}

// sarif writes what was found as a log of SARIF. A warning without a code, and every error,
// falls under one rule: what attache reads.
func sarif(w io.Writer, v checkView, version string) error {
	const rule = "calendar"
	run := sarifRun{Tool: sarifTool{sarifDriver{Name: "attache", Version: version, Rules: []sarifRule{{rule}}}}, Columns: "unicodeCodePoints", Results: []sarifResult{}}
	add := func(level string, e *config.Error) {
		r := sarifResult{RuleID: cmp.Or(e.Code, rule), Level: level, Message: sarifMessage{e.Message}}
		at := sarifPhysical{Artifact: sarifArtifact{(&url.URL{Path: filepath.ToSlash(e.File)}).String()}}
		if e.Line > 0 {
			at.Region = &sarifRegion{Line: e.Line, Column: max(e.Column, 1)}
		}
		for _, f := range e.Fixes {
			r.Fixes = append(r.Fixes, sarifFix{sarifMessage{"Write " + f.Text}, []sarifChange{{at.Artifact, []sarifReplacement{{
				sarifRegion{f.Line, f.Column, f.EndColumn}, sarifMessage{f.Text},
			}}}}})
		}
		r.Locations = []sarifLocation{{at}}
		run.Results = append(run.Results, r)
		if !slices.Contains(run.Tool.Driver.Rules, sarifRule{r.RuleID}) {
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{r.RuleID})
		}
	}
	for _, e := range v.Errors {
		add("error", e)
	}
	for _, e := range v.Warnings {
		add("warning", e)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}
