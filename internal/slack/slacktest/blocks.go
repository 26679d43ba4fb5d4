package slacktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Limits of Block Kit, in characters after escaping where not said otherwise.
const (
	maxBlocks     = 50
	maxViewBlocks = 100
	maxSection    = 3000
	maxHeader     = 150
	maxContext    = 10 // elements
	maxActions    = 25 // elements
	maxName       = 255
	maxButton     = 75
	maxValue      = 2000
	maxOverflow   = 5   // options
	maxSelect     = 100 // options
	maxOption     = 75  // its text
	maxOptionOf   = 150 // its value
	maxLabel      = 2000
	maxHint       = 150    // of a placeholder
	maxInput      = 3000   // what a text field begins with, or takes
	maxTogether   = 13_200 // all text of a message, each block weighing more
	blockWeight   = 125    // what a block weighs besides its text
)

// A block is a layout block of a sort that attache sends.
type block struct {
	Type      string      `json:"type"`
	ID        string      `json:"block_id"`
	Text      *textObject `json:"text"`
	Elements  []element   `json:"elements"`
	Accessory *element    `json:"accessory"`
	Label     *textObject `json:"label"`   // of an input
	Element   *element    `json:"element"` // of an input
	Hint      *textObject `json:"hint"`
	Optional  bool        `json:"optional"`
	Dispatch  bool        `json:"dispatch_action"`
}

type textObject struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// An element stands in a block: a text of a context, or what people press, choose and fill in.
type element struct {
	Type        string          `json:"type"`
	ActionID    string          `json:"action_id"`
	Text        json.RawMessage `json:"text"` // a text object, or a string where the element is one itself
	Value       string          `json:"value"`
	URL         string          `json:"url"`
	Options     []option        `json:"options"`
	Initial     *option         `json:"initial_option"`
	InitialText string          `json:"initial_value"`
	InitialDate string          `json:"initial_date"`
	Placeholder *textObject     `json:"placeholder"`
	MaxLength   int             `json:"max_length"`
}

type option struct {
	Text  *textObject `json:"text"`
	Value string      `json:"value"`
}

// words returns the text of an element, nil where it has none.
func (e element) words() *textObject {
	var t textObject
	switch {
	case e.Type == "mrkdwn" || e.Type == "plain_text":
		t.Type = e.Type
		if json.Unmarshal(e.Text, &t.Text) != nil {
			return nil
		}
	case len(e.Text) == 0 || json.Unmarshal(e.Text, &t) != nil:
		return nil
	}
	return &t
}

// isText reports whether the element is a text object.
func (e element) isText() bool { return e.Type == "mrkdwn" || e.Type == "plain_text" }

// texts returns the texts of a block from above to below, without those of what can be pressed.
func (b block) texts() (all []textObject) {
	if b.Text != nil {
		all = append(all, *b.Text)
	}
	for _, e := range b.Elements {
		if t := e.words(); t != nil && e.isText() {
			all = append(all, *t)
		}
	}
	return all
}

// actors returns what can be pressed, chosen or filled in.
func (b block) actors() []element {
	var out []element
	for _, e := range b.Elements {
		if !e.isText() {
			out = append(out, e)
		}
	}
	for _, e := range []*element{b.Accessory, b.Element} {
		if e != nil {
			out = append(out, *e)
		}
	}
	return out
}

// keys lists what a block, an element or another object may have, by its type.
var keys = map[string]string{
	"section": "block_id text accessory", "header": "block_id text", "context": "block_id elements", "divider": "block_id",
	"actions": "block_id elements", "input": "block_id label element hint optional dispatch_action",
	"button": "action_id text value url style confirm", "overflow": "action_id options confirm",
	"static_select":    "action_id placeholder options initial_option confirm focus_on_load",
	"plain_text_input": "action_id initial_value multiline min_length max_length placeholder focus_on_load dispatch_action_config",
	"datepicker":       "action_id initial_date placeholder confirm focus_on_load",
	"mrkdwn":           "text verbatim", "plain_text": "text emoji",
	"": "text value description url trigger_actions_on", // of an option, and of what a field dispatches
}

// readBlocks checks the blocks of a message and returns them, with their text as it came;
// nil for none. The error is as Slack's: invalid_blocks with what is wrong where,
// invalid_blocks_format, or msg_blocks_too_long.
func readBlocks(text string) (json.RawMessage, []block, error) {
	if text == "" {
		return nil, nil, nil
	}
	var blocks []block
	if err := json.Unmarshal([]byte(text), &blocks); err != nil {
		return nil, nil, refuse("invalid_blocks_format")
	}
	if len(blocks) == 0 {
		return nil, nil, nil
	}
	v := &validator{allowed: []string{"section", "header", "context", "divider", "actions"}}
	v.blocks([]byte(text), blocks, maxBlocks)
	switch {
	case len(v.problems) > 0:
		return nil, nil, refusal{code: "invalid_blocks", problems: v.problems}
	case v.weight+blockWeight*len(blocks) > maxTogether:
		return nil, nil, refuse("msg_blocks_too_long")
	}
	return json.RawMessage(text), blocks, nil
}

// A validator goes through blocks and collects what is wrong with them.
type validator struct {
	allowed  []string // types of blocks
	problems []string
	weight   int // characters seen
}

func (v *validator) wrong(path, format string, args ...any) {
	v.problems = append(v.problems, fmt.Sprintf(format, args...)+" [json-pointer:"+path+"]")
}

func (v *validator) blocks(raw json.RawMessage, blocks []block, most int) {
	if len(blocks) > most {
		v.wrong("/blocks", "no more than %d items allowed", most)
	}
	v.unknown("/blocks", raw)
	seen := map[string]bool{}
	for i, b := range blocks {
		path := fmt.Sprintf("/blocks/%d", i)
		if b.ID != "" && seen[b.ID] {
			v.wrong(path+"/block_id", "block_id already exists")
		}
		seen[b.ID] = true
		v.most(path+"/block_id", b.ID, maxName)
		v.block(path, b)
	}
}

func (v *validator) block(path string, b block) {
	if !slices.Contains(v.allowed, b.Type) {
		v.wrong(path+"/type", "unsupported type: %s", b.Type)
		return
	}
	switch b.Type {
	case "section":
		v.text(path+"/text", b.Text, maxSection, "plain_text", "mrkdwn")
		if b.Accessory != nil {
			v.element(path+"/accessory", *b.Accessory, "button", "overflow", "static_select", "datepicker")
		}
	case "header":
		v.text(path+"/text", b.Text, maxHeader, "plain_text")
	case "context":
		v.elements(path+"/elements", b.Elements, maxContext, "plain_text", "mrkdwn")
	case "actions":
		v.elements(path+"/elements", b.Elements, maxActions, "button", "overflow", "static_select", "datepicker")
	case "input":
		v.text(path+"/label", b.Label, maxLabel, "plain_text")
		if b.Hint != nil {
			v.text(path+"/hint", b.Hint, maxLabel, "plain_text")
		}
		if b.Element == nil {
			v.wrong(path+"/element", "must be an element")
			return
		}
		v.element(path+"/element", *b.Element, "plain_text_input", "static_select", "datepicker")
	}
}

func (v *validator) elements(path string, elements []element, most int, types ...string) {
	if len(elements) == 0 {
		v.wrong(path, "must have at least 1 item")
	}
	if len(elements) > most {
		v.wrong(path, "no more than %d items allowed", most)
	}
	ids := map[string]bool{}
	for i, e := range elements {
		at := fmt.Sprintf("%s/%d", path, i)
		if e.ActionID != "" && ids[e.ActionID] {
			v.wrong(at+"/action_id", "action_id already exists")
		}
		ids[e.ActionID] = true
		v.element(at, e, types...)
	}
}

func (v *validator) element(path string, e element, types ...string) {
	if !slices.Contains(types, e.Type) {
		v.wrong(path+"/type", "must be one of: %s", strings.Join(types, ", "))
		if !e.isText() {
			return
		}
	}
	if e.Placeholder != nil {
		v.text(path+"/placeholder", e.Placeholder, maxHint, "plain_text")
	}
	v.most(path+"/action_id", e.ActionID, maxName)
	switch e.Type {
	case "plain_text", "mrkdwn":
		v.text(path, e.words(), maxSection, types...)
	case "button":
		v.text(path+"/text", e.words(), maxButton, "plain_text")
		v.most(path+"/value", e.Value, maxValue)
	case "overflow":
		v.options(path+"/options", e.Options, maxOverflow)
	case "static_select":
		v.options(path+"/options", e.Options, maxSelect)
		if e.Initial != nil && !slices.ContainsFunc(e.Options, func(o option) bool { return o.Value == e.Initial.Value }) {
			v.wrong(path+"/initial_option", "must be one of the options")
		}
	case "plain_text_input":
		v.most(path+"/initial_value", e.InitialText, maxInput)
		if e.MaxLength < 0 || e.MaxLength > maxInput {
			v.wrong(path+"/max_length", "must be at most %d", maxInput)
		}
	}
}

func (v *validator) options(path string, list []option, most int) {
	if len(list) == 0 || len(list) > most {
		v.wrong(path, "must have 1 to %d items", most)
	}
	for i, o := range list {
		at := fmt.Sprintf("%s/%d", path, i)
		v.text(at+"/text", o.Text, maxOption, "plain_text")
		v.most(at+"/value", o.Value, maxOptionOf)
	}
}

// most checks the length of what is not shown.
func (v *validator) most(path, s string, most int) {
	if characters(s) > most {
		v.wrong(path, "must be less than %d characters", most+1)
	}
}

// text checks a text object: its type, and that it has 1 to most characters.
func (v *validator) text(path string, t *textObject, most int, types ...string) {
	if t == nil {
		v.wrong(path, "must be a text object")
		return
	}
	n := characters(t.Text)
	v.weight += n
	if !slices.Contains(types, t.Type) {
		v.wrong(path+"/type", "must be one of: %s", strings.Join(types, ", "))
	}
	switch {
	case n == 0:
		v.wrong(path, "failed to match all allowed schemas")
		v.wrong(path+"/text", "must be more than 0 characters")
	case n > most:
		v.wrong(path, "failed to match all allowed schemas")
		v.wrong(path+"/text", "must be less than %d characters", most+1)
	}
}

// unknown finds keys that an object must not have, at any depth.
func (v *validator) unknown(path string, raw json.RawMessage) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		for i, item := range list {
			v.unknown(fmt.Sprintf("%s/%d", path, i), item)
		}
		return
	}
	var object map[string]json.RawMessage
	if !bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) || json.Unmarshal(raw, &object) != nil {
		return
	}
	var kind string
	_ = json.Unmarshal(object["type"], &kind) // one of another type is refused for that
	allowed, known := keys[kind]
	for _, k := range slices.Sorted(maps.Keys(object)) {
		if known && k != "type" && !slices.Contains(strings.Fields(allowed), k) {
			v.wrong(path, "no more keys are allowed: %s", k)
		}
		v.unknown(path+"/"+k, object[k])
	}
}
