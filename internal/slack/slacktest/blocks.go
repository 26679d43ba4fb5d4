package slacktest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Limits of Block Kit, in characters after escaping where not said otherwise.
const (
	maxBlocks   = 50
	maxSection  = 3000
	maxHeader   = 150
	maxContext  = 10     // elements
	maxTogether = 13_200 // all text of a message, each block weighing more
	blockWeight = 125    // what a block weighs besides its text
)

// A block is a layout block of a sort that attache sends.
type block struct {
	Type     string        `json:"type"`
	Text     *textObject   `json:"text"`
	Elements []*textObject `json:"elements"`
}

type textObject struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// texts returns the texts of a block from above to below.
func (b block) texts() (all []textObject) {
	for _, t := range append([]*textObject{b.Text}, b.Elements...) {
		if t != nil {
			all = append(all, *t)
		}
	}
	return all
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
	v := &validator{}
	v.message(blocks)
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
	problems []string
	weight   int // characters seen
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
		switch b.Type {
		case "section":
			v.text(path+"/text", b.Text, maxSection, "plain_text", "mrkdwn")
		case "header":
			v.text(path+"/text", b.Text, maxHeader, "plain_text")
		case "context":
			v.elements(path+"/elements", b.Elements)
		default:
			v.wrong(path+"/type", "unsupported type: %s", b.Type)
		}
	}
}

func (v *validator) elements(path string, elements []*textObject) {
	if len(elements) == 0 {
		v.wrong(path, "must have at least 1 item")
	}
	if len(elements) > maxContext {
		v.wrong(path, "no more than %d items allowed", maxContext)
	}
	for i, e := range elements {
		v.text(fmt.Sprintf("%s/%d", path, i), e, maxSection, "plain_text", "mrkdwn")
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
