package slacktest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Limits of Block Kit, in characters after escaping where not said otherwise.
const (
	maxBlocks       = 50
	maxSection      = 3000
	maxFields       = 10
	maxField        = 2000
	maxHeader       = 150
	maxContext      = 10 // elements
	maxActions      = 25 // elements
	maxButtonText   = 75
	maxValue        = 2000
	maxURL          = 3000
	maxID           = 255
	maxOptions      = 100
	maxOverflow     = 5
	maxOptionText   = 75
	maxOptionValue  = 150
	maxConfirmTitle = 100
	maxConfirmText  = 300
	maxConfirmWord  = 30
	maxAltText      = 2000
	maxMarkdown     = 12_000 // all markdown blocks of a message
	maxTogether     = 13_200 // all text of a message, each block weighing more
	blockWeight     = 125    // what a block weighs besides its text
)

// A block is a layout block, or an element of one.
type block struct {
	Type     string            `json:"type"`
	BlockID  string            `json:"block_id"`
	ActionID string            `json:"action_id"`
	Text     json.RawMessage   `json:"text"` // a text object; a string in markdown
	Fields   []json.RawMessage `json:"fields"`
	Elements []json.RawMessage `json:"elements"`
	Options  []option          `json:"options"`

	Accessory json.RawMessage `json:"accessory"`
	Value     string          `json:"value"`
	URL       string          `json:"url"`
	ImageURL  string          `json:"image_url"`
	AltText   string          `json:"alt_text"`
	Confirm   *confirm        `json:"confirm"`
}

type textObject struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type option struct {
	Text  json.RawMessage `json:"text"`
	Value string          `json:"value"`
}

type confirm struct {
	Title, Text, Confirm, Deny json.RawMessage
}

// readBlocks checks the blocks of a message and returns them as they came; nil
// for none. The error is as Slack's: invalid_blocks with what is wrong where,
// invalid_blocks_format, or msg_blocks_too_long.
func readBlocks(text string) (json.RawMessage, error) {
	if text == "" {
		return nil, nil
	}
	var blocks []block
	if err := json.Unmarshal([]byte(text), &blocks); err != nil {
		return nil, refuse("invalid_blocks_format")
	}
	if len(blocks) == 0 {
		return nil, nil
	}
	v := &validator{ids: map[string]bool{}}
	v.message(blocks)
	switch {
	case len(v.problems) > 0:
		return nil, refusal{code: "invalid_blocks", problems: v.problems}
	case v.weight+blockWeight*len(blocks) > maxTogether || v.markdown > maxMarkdown:
		return nil, refuse("msg_blocks_too_long")
	}
	return json.RawMessage(text), nil
}

// A validator goes through blocks and collects what is wrong with them.
type validator struct {
	problems []string
	ids      map[string]bool // block_ids seen
	weight   int             // characters seen
	markdown int             // characters seen in markdown blocks
}

func (v *validator) wrong(path, format string, args ...any) {
	v.problems = append(v.problems, fmt.Sprintf(format, args...)+" [json-pointer:"+path+"]")
}

func (v *validator) message(blocks []block) {
	if len(blocks) > maxBlocks {
		v.wrong("/blocks", "no more than %d items allowed", maxBlocks)
	}
	for i, b := range blocks {
		path := fmt.Sprintf("/blocks/%d", i)
		v.longest(path+"/block_id", b.BlockID, maxID)
		if b.BlockID != "" && v.ids[b.BlockID] {
			v.wrong(path+"/block_id", "block_id is not unique")
		}
		v.ids[b.BlockID] = true
		v.block(path, b)
	}
}

func (v *validator) block(path string, b block) {
	switch b.Type {
	case "section":
		v.section(path, b)
	case "header":
		v.text(path+"/text", b.Text, maxHeader, "plain_text")
	case "context":
		v.elements(path, b.Elements, maxContext)
	case "actions":
		v.elements(path, b.Elements, maxActions)
	case "image":
		v.image(path, b)
	case "markdown":
		v.markdownBlock(path, b)
	case "divider", "rich_text", "table", "video", "file", "input":
	default:
		v.wrong(path+"/type", "unsupported type: %s", b.Type)
	}
}

func (v *validator) section(path string, b block) {
	if b.Text == nil && len(b.Fields) == 0 {
		v.wrong(path, "missing required field: text or fields")
	}
	if b.Text != nil {
		v.text(path+"/text", b.Text, maxSection, "plain_text", "mrkdwn")
	}
	if len(b.Fields) > maxFields {
		v.wrong(path+"/fields", "no more than %d items allowed", maxFields)
	}
	for i, f := range b.Fields {
		v.text(fmt.Sprintf("%s/fields/%d", path, i), f, maxField, "plain_text", "mrkdwn")
	}
	if b.Accessory != nil {
		v.element(path+"/accessory", b.Accessory)
	}
}

func (v *validator) markdownBlock(path string, b block) {
	var text string
	if json.Unmarshal(b.Text, &text) != nil || text == "" {
		v.wrong(path+"/text", "must be a string of at least 1 character")
	}
	v.markdown += characters(text)
	v.weight += characters(text)
}

func (v *validator) image(path string, b block) {
	if b.AltText == "" {
		v.wrong(path, "missing required field: alt_text")
	}
	v.longest(path+"/alt_text", b.AltText, maxAltText)
	v.longest(path+"/image_url", b.ImageURL, maxURL)
}

func (v *validator) elements(path string, elements []json.RawMessage, most int) {
	path += "/elements"
	if len(elements) == 0 {
		v.wrong(path, "must have at least 1 item")
	}
	if len(elements) > most {
		v.wrong(path, "no more than %d items allowed", most)
	}
	for i, e := range elements {
		v.element(fmt.Sprintf("%s/%d", path, i), e)
	}
}

// element checks a text object, an image, a button or a menu.
func (v *validator) element(path string, raw json.RawMessage) {
	var e block
	json.Unmarshal(raw, &e) // what does not fit stays zero and is found below
	v.longest(path+"/action_id", e.ActionID, maxID)
	switch e.Type {
	case "plain_text", "mrkdwn":
		v.text(path, raw, maxSection, "plain_text", "mrkdwn")
	case "image":
		v.image(path, e)
	case "button":
		v.text(path+"/text", e.Text, maxButtonText, "plain_text")
		v.longest(path+"/value", e.Value, maxValue)
		v.longest(path+"/url", e.URL, maxURL)
	case "overflow":
		v.options(path, e.Options, maxOverflow)
	case "static_select", "multi_static_select", "checkboxes", "radio_buttons":
		v.options(path, e.Options, maxOptions)
	case "":
		v.wrong(path, "missing required field: type")
	}
	if e.Confirm != nil {
		v.confirm(path+"/confirm", e.Confirm)
	}
}

func (v *validator) options(path string, options []option, most int) {
	path += "/options"
	if len(options) == 0 || len(options) > most {
		v.wrong(path, "must have 1 to %d items", most)
	}
	for i, o := range options {
		at := fmt.Sprintf("%s/%d", path, i)
		v.text(at+"/text", o.Text, maxOptionText, "plain_text", "mrkdwn")
		v.longest(at+"/value", o.Value, maxOptionValue)
	}
}

func (v *validator) confirm(path string, c *confirm) {
	v.text(path+"/title", c.Title, maxConfirmTitle, "plain_text")
	v.text(path+"/text", c.Text, maxConfirmText, "plain_text", "mrkdwn")
	v.text(path+"/confirm", c.Confirm, maxConfirmWord, "plain_text")
	v.text(path+"/deny", c.Deny, maxConfirmWord, "plain_text")
}

// text checks a text object: its type, and that it has 1 to most characters.
func (v *validator) text(path string, raw json.RawMessage, most int, types ...string) {
	var t textObject
	if raw == nil || json.Unmarshal(raw, &t) != nil {
		v.wrong(path, "must be a text object")
		return
	}
	v.weight += characters(t.Text)
	if !slices.Contains(types, t.Type) {
		v.wrong(path+"/type", "must be one of: %s", strings.Join(types, ", "))
	}
	if n := characters(t.Text); n == 0 || n > most {
		v.wrong(path, "failed to match all allowed schemas")
		if n == 0 {
			v.wrong(path+"/text", "must be more than 0 characters")
		}
	}
	v.longest(path+"/text", t.Text, most)
}

// longest checks that a string has no more than most characters.
func (v *validator) longest(path, text string, most int) {
	if characters(text) > most {
		v.wrong(path, "must be less than %d characters", most+1)
	}
}
