package lsp

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"attache/internal/agenda"
	"attache/internal/config"
)

// Found is what a check found: what is wrong, and what follows from the events where nothing is.
type Found struct {
	config.Checked
	Entries []*agenda.Entry
	Answers string // which answers of people the files lack, in words; "" where none
}

// Config is what a server goes by.
type Config struct {
	// Check does what attache check does, with drafts in the place of files. It is called from
	// a goroutine of its own, never twice at a time. An error is not one in the files.
	Check func(ctx context.Context, c *config.Checker, drafts ...config.Document) (Found, error)
	// Path is that of the configuration that was named; "" leaves it to the files that are
	// opened, which have it above them, and to the folders of the editor.
	Path string
	// Version is that of the program.
	Version string
	// Log takes a line for people who look for what went wrong.
	Log io.Writer
	// Alive reports whether the process of the editor is there; nil trusts the stream alone.
	Alive func(pid int) bool
}

const (
	pause    = 150 * time.Millisecond // after a keystroke, before the text is checked
	lookTime = 5 * time.Second        // between looks whether the editor is there
)

// errVanished says that the editor went without a word.
var errVanished = errors.New("the editor is gone")

// server is one session with an editor.
type server struct {
	Config
	out     io.Writer
	units   encoding
	plain   bool // the editor shows no Markdown
	watches bool // the editor can tell that files changed
	ready   bool // it was initialized
	down    bool // it was shut down
	editor  int  // the process of the editor, 0 where it is not known
	asked   int  // how many requests were made to the editor

	docs    map[string]*document // that are open, by their address
	configs []*configuration
	checks  chan checked     // what checks found
	running bool             // a check is
	due     <-chan time.Time // when the next one begins
}

// Serve answers the editor that writes to in and reads from out, until it is done. The error is
// nil where the editor said goodbye as the protocol has it.
func Serve(ctx context.Context, c Config, in io.Reader, out io.Writer) error {
	s := &server{Config: c, out: out, units: utf16Units, docs: map[string]*document{}, checks: make(chan checked, 1)}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	inbox := make(chan received)
	go receive(ctx, in, inbox)
	look := time.NewTicker(lookTime)
	defer look.Stop()
	for {
		var err error
		var told *failure
		select {
		case m := <-inbox:
			switch {
			case errors.As(m.err, &told):
				err = write(s.out, message{ID: json.RawMessage("null"), Error: told})
			case m.err != nil:
				return errVanished
			case m.Method == "exit" && s.down:
				return nil
			case m.Method == "exit":
				return errors.New("the editor left without shutdown")
			default:
				err = s.take(m.message)
			}
		case <-s.due:
			s.due = nil
			s.begin(ctx)
		case found := <-s.checks:
			s.running = false
			err = s.accept(found)
		case <-look.C:
			if s.editor != 0 && !s.Alive(s.editor) {
				return errVanished
			}
		case <-ctx.Done():
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// received is a message, or why there is none.
type received struct {
	message
	err error
}

// receive reads messages until there are no more.
func receive(ctx context.Context, in io.Reader, inbox chan<- received) {
	r := bufio.NewReader(in)
	for {
		m, err := read(r)
		select {
		case inbox <- received{m, err}:
		case <-ctx.Done():
			return
		}
		var told *failure
		if err != nil && !errors.As(err, &told) {
			return
		}
	}
}

// take does what a message asks. The error is one of writing.
func (s *server) take(m message) error {
	if m.Method == "" {
		return nil // an answer, of which nothing depends
	}
	if m.ID == nil {
		if s.ready && !s.down || m.Method == "initialized" {
			if err := s.notified(m); err != nil {
				s.logf("%s: %v", m.Method, err)
			}
		}
		return nil
	}
	result, err := s.answered(m)
	answer := message{ID: m.ID}
	if err == nil {
		answer.Result, err = json.Marshal(result)
	}
	if err != nil {
		var told *failure
		if !errors.As(err, &told) {
			told = failed(internalError, "%v", err)
		}
		answer.Result, answer.Error = nil, told
	}
	return write(s.out, answer)
}

// answered returns the answer to a request. A panic is that of one question, and no end.
func (s *server) answered(m message) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.logf("%s: %v", m.Method, p)
			result, err = nil, failed(internalError, "%s failed: %v", m.Method, p)
		}
	}()
	switch {
	case s.down:
		return nil, failed(invalidRequest, "the server was shut down")
	case m.Method == "initialize":
		return s.initialize(m.Params)
	case !s.ready:
		return nil, failed(notInitialized, "the server was not initialized")
	case m.Method == "shutdown":
		s.down = true
		return nil, nil
	}
	var p placeParams
	if err := json.Unmarshal(m.Params, &p); err != nil {
		return nil, failed(invalidParams, "%s: %v", m.Method, err)
	}
	answer, ok := map[string]func(*document, placeParams) (any, error){
		"textDocument/completion":    s.complete,
		"textDocument/hover":         s.hover,
		"textDocument/definition":    s.definition,
		"textDocument/references":    s.references,
		"textDocument/codeAction":    s.codeActions,
		"textDocument/prepareRename": s.rename,
		"textDocument/rename":        s.rename,
	}[m.Method]
	if !ok {
		return nil, failed(methodNotFound, "%s is not known here", m.Method)
	}
	d, open := s.docs[p.TextDocument.URI]
	if !open {
		return nil, failed(invalidParams, "%s is not open", p.TextDocument.URI)
	}
	return answer(d, p)
}

// initialize agrees with the editor on what each can do.
func (s *server) initialize(params json.RawMessage) (any, error) {
	var p initializeParams
	if s.ready {
		return nil, failed(invalidRequest, "the server is initialized already")
	}
	if err := json.Unmarshal(params, &p); err != nil {
		return nil, failed(invalidParams, "initialize: %v", err)
	}
	s.ready = true
	for _, offered := range p.Capabilities.General.PositionEncodings {
		if e := encoding(offered); e == utf8Units || e == utf16Units || e == utf32Units {
			s.units = e
			break
		}
	}
	formats := p.Capabilities.TextDocument.Hover.ContentFormat
	s.plain = len(formats) > 0 && formats[0] == "plaintext"
	s.watches = p.Capabilities.Workspace.DidChangeWatchedFiles.DynamicRegistration
	if p.ProcessID != nil && s.Alive != nil && s.Alive(*p.ProcessID) { // else it is one of another machine
		s.editor = *p.ProcessID
	}
	if s.Path != "" {
		s.configuration(s.Path)
	}
	folders := p.WorkspaceFolders
	if len(folders) == 0 && p.RootURI != "" {
		folders = []folder{{p.RootURI}}
	}
	s.enter(folders)
	type object = map[string]any
	return object{
		"serverInfo": object{"name": "attache", "version": s.Version},
		"capabilities": object{
			"positionEncoding":   s.units,
			"textDocumentSync":   object{"openClose": true, "change": 2, "save": true},
			"completionProvider": object{"triggerCharacters": []string{":", " ", "{", "[", ","}},
			"hoverProvider":      true, "definitionProvider": true, "referencesProvider": true,
			"codeActionProvider": object{"codeActionKinds": []string{"quickfix"}},
			"renameProvider":     object{"prepareProvider": true},
			"workspace":          object{"workspaceFolders": object{"supported": true, "changeNotifications": true}},
		},
	}, nil
}

// notified takes what the editor tells.
func (s *server) notified(m message) error {
	switch m.Method {
	case "initialized":
		s.recheck(nil, 0)
		return s.watch()
	case "textDocument/didOpen", "textDocument/didClose", "textDocument/didSave", "textDocument/didChange":
		var p changeParams
		if err := json.Unmarshal(m.Params, &p); err != nil {
			return err
		}
		return s.edited(m.Method, p)
	case "workspace/didChangeWatchedFiles":
		s.recheck(nil, pause)
	case "workspace/didChangeWorkspaceFolders":
		var p foldersParams
		if err := json.Unmarshal(m.Params, &p); err != nil {
			return err
		}
		if err := s.leave(p.Event.Removed); err != nil {
			return err
		}
		s.enter(p.Event.Added)
		s.recheck(nil, 0)
	}
	return nil
}

// watch asks the editor to tell of files that change on the disk.
func (s *server) watch() error {
	if !s.watches {
		return nil
	}
	const registration = `{"registrations":[{"id":"files","method":"workspace/didChangeWatchedFiles","registerOptions":{"watchers":[{"globPattern":"**/*.{yaml,yml,json}"}]}}]}`
	s.asked++
	return write(s.out, message{ID: json.RawMessage(fmt.Sprint(s.asked)), Method: "client/registerCapability", Params: json.RawMessage(registration)})
}

// notify tells the editor something.
func (s *server) notify(method string, params any) error {
	data, err := json.Marshal(params)
	if err != nil {
		return fmt.Errorf("tell the editor %s: %w", method, err)
	}
	return write(s.out, message{Method: method, Params: data})
}

func (s *server) logf(format string, args ...any) {
	if s.Log != nil {
		fmt.Fprintf(s.Log, "attache lsp: "+format+"\n", args...)
	}
}
