package slack

import (
	"context"
	"encoding/json"
	"errors"

	"attache/internal/answer"
	"attache/internal/prose"

	slackgo "github.com/slack-go/slack"
)

const (
	formName     = "attache"      // callback_id of our forms
	fieldAction  = "field"        // of what is filled in
	openAction   = "attache.open" // of a link to a page
	maxLineField = 300            // characters of a field of one line
	maxTextField = 2000           // of one of several
	maxModal     = 23             // of a title or a button of a view; Slack takes 24
	maxChoice    = 70             // of 75
	understoodID = "understood"   // of the block with the preview
	maxPreview   = 1000
	mostHome     = 90 // blocks of the Home tab; Slack takes 100
)

// view draws a form. p is what it was opened for, and understood what is understood of it.
func view(f answer.Form, p answer.Press, understood string) slackgo.ModalViewRequest {
	p.Fields = nil
	private, err := json.Marshal(p)
	if err != nil {
		panic("slack: " + err.Error()) // there are only strings and numbers
	}
	blocks := []slackgo.Block{slackgo.NewContextBlock("", textOf(esc(f.About, maxFacts)))}
	for _, field := range f.Fields {
		blocks = append(blocks, input(field))
		if field.Previews && understood != "" {
			blocks = append(blocks, slackgo.NewContextBlock(understoodID, textOf(esc(understood, maxPreview))))
		}
	}
	return slackgo.ModalViewRequest{
		Type: slackgo.VTModal, Title: plainOf(cutTo(f.Title, maxModal)), Submit: plainOf(cutTo(f.Submit, maxModal)), Close: plainOf("Cancel"),
		Blocks: slackgo.Blocks{BlockSet: blocks}, PrivateMetadata: string(private), CallbackID: formName,
	}
}

func cutTo(s string, limit int) string { return prose.Measure(prose.UTF16).Cut(s, limit) }

// input draws one field. Its block has the name of the field.
func input(f answer.Field) slackgo.Block {
	var hint *slackgo.TextBlockObject
	if f.Hint != "" {
		hint = plainOf(cutTo(f.Hint, maxFacts))
	}
	b := slackgo.NewInputBlock(f.Name, plainOf(f.Label), hint, element(f))
	b.Optional = f.Optional
	b.DispatchAction = f.Previews
	return b
}

func element(f answer.Field) slackgo.BlockElement {
	switch f.Sort {
	case answer.Choice:
		var options []*slackgo.OptionBlockObject
		var chosen *slackgo.OptionBlockObject
		for _, o := range f.Options {
			option := slackgo.NewOptionBlockObject(o, plainOf(cutTo(prose.Capital(o), maxChoice)), nil)
			if options = append(options, option); o == f.Value {
				chosen = option
			}
		}
		e := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, plainOf("Choose"), fieldAction, options...)
		e.InitialOption = chosen
		return e
	case answer.Day:
		e := slackgo.NewDatePickerBlockElement(fieldAction)
		e.InitialDate = f.Value
		return e
	}
	var example *slackgo.TextBlockObject
	if f.Example != "" {
		example = plainOf(f.Example)
	}
	e := slackgo.NewPlainTextInputBlockElement(example, fieldAction)
	e.Multiline, e.MaxLength, e.InitialValue = f.Sort == answer.Text, maxLineField, cutTo(f.Value, maxLineField)
	if e.Multiline {
		e.MaxLength = maxTextField
	}
	if f.Previews {
		e.DispatchActionConfig = &slackgo.DispatchActionConfig{TriggerActionsOn: []string{"on_character_entered"}}
	}
	return e
}

// errTooLate is the error of a form that Slack no longer takes.
var errTooLate = errors.New("it came too late")

// openView opens a form, for which trigger is the leave.
func (s *Slack) openView(ctx context.Context, trigger string, v slackgo.ModalViewRequest) error {
	const method = "views.open"
	if trigger == "" {
		return errTooLate
	}
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	x, err := s.callAtOnce(ctx, method, func(ctx context.Context) error {
		_, err := s.api.OpenViewContext(ctx, trigger, v)
		return err
	})
	switch x.answer.Error {
	case "expired_trigger_id", "exchanged_trigger_id":
		return errTooLate
	}
	if err == nil {
		return nil
	}
	if ctx.Err() != nil { // it may have been opened; if not, the person presses again
		return errTooLate
	}
	return s.failure(ctx, method, x, err, nil)
}

// updateView shows v in the place of the form id, unless that has changed since hash.
func (s *Slack) updateView(ctx context.Context, id, hash string, v slackgo.ModalViewRequest) error {
	const method = "views.update"
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	x, err := s.call(ctx, method, func(ctx context.Context) error {
		_, err := s.api.UpdateViewContext(ctx, v, "", hash, id)
		return err
	})
	if err != nil {
		return s.failure(ctx, method, x, err, nil)
	}
	return nil
}

// home publishes the Home tab of whoever opened it.
func (l *Listener) home(ctx context.Context, p answer.Press) {
	const method = "views.publish"
	v := slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab, Blocks: slackgo.Blocks{BlockSet: homeBlocks(l.desk.Home(ctx, p))}}
	ctx, cancel := context.WithTimeout(ctx, tellTimeout)
	defer cancel()
	x, err := l.slack.call(ctx, method, func(ctx context.Context) error {
		_, err := l.slack.api.PublishViewContext(ctx, slackgo.PublishViewContextRequest{UserID: p.By.ID, View: v})
		return err
	})
	if err != nil {
		l.log.Warn("the Home tab could not be shown", "err", l.slack.failure(ctx, method, x, err, nil))
	}
}

// homeBlocks draws the Home tab.
func homeBlocks(list []answer.Section) []slackgo.Block {
	var out []slackgo.Block
	for i, s := range list {
		out = append(out, slackgo.NewHeaderBlock(plainOf(cutTo(clean(s.Title), maxHeader))))
		lines := s.Lines
		room := mostHome/len(list) - 2 - i
		for _, n := range lines[:min(len(lines), room)] {
			out = append(out, section(line(n, maxFacts)))
		}
		if more := len(lines) - room; more > 0 {
			out = append(out, slackgo.NewContextBlock("", mrkdwn("and "+prose.Count(more, "more")+": /attache list")))
		}
		if len(lines) == 0 {
			out = append(out, slackgo.NewContextBlock("", textOf(esc(s.None, maxFacts))))
		}
	}
	return out
}
