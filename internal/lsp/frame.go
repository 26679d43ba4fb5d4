package lsp

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// maxFrame is how much one message may hold: the largest file that is read, several times.
const maxFrame = 64 << 20

// message is one of JSON-RPC 2.0: a request has a method and an id, a notification a method
// alone, an answer an id alone.
type message struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *failure        `json:"error,omitempty"`
}

// failure is the error of an answer.
type failure struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// The codes of failures, of JSON-RPC and of the protocol.
const (
	parseError     = -32700
	invalidRequest = -32600
	methodNotFound = -32601
	invalidParams  = -32602
	internalError  = -32603
	notInitialized = -32002
	requestFailed  = -32803
)

func (f *failure) Error() string { return f.Message }

func failed(code int, format string, args ...any) *failure {
	return &failure{code, fmt.Sprintf(format, args...)}
}

// readFrame returns the content of the next message. What is no header is skipped, so that a
// stray line costs no more than itself.
func readFrame(in *bufio.Reader) ([]byte, error) {
	length := -1
	for {
		line, err := headerLine(in)
		if err != nil {
			return nil, err
		}
		name, value, _ := strings.Cut(line, ":")
		switch {
		case strings.EqualFold(strings.TrimSpace(name), "Content-Length"):
			n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
			if err != nil || n < 0 {
				continue
			}
			if n > maxFrame {
				if _, err := io.CopyN(io.Discard, in, n+int64(len("\r\n"))); err != nil {
					return nil, err
				}
				return nil, failed(invalidRequest, "a message of %d bytes is too large: %d is the most", n, maxFrame)
			}
			length = int(n)
		case line == "" && length >= 0:
			data := make([]byte, 0, min(length, 64<<10)) // and more as it comes
			buffer := bytes.NewBuffer(data)
			if _, err := io.CopyN(buffer, in, int64(length)); err != nil {
				return nil, err
			}
			return buffer.Bytes(), nil
		}
	}
}

// headerLine returns the next line without its end. Of one that is far too long the rest is
// dropped.
func headerLine(in *bufio.Reader) (string, error) {
	line, err := in.ReadSlice('\n')
	head := string(line)
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = in.ReadSlice('\n')
	}
	return strings.TrimRight(head, "\r\n"), err
}

// read returns the next message. A *failure is one that can be answered, and any other error
// the end.
func read(in *bufio.Reader) (message, error) {
	data, err := readFrame(in)
	if err != nil {
		return message{}, err
	}
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		var shape *json.UnmarshalTypeError
		if errors.As(err, &shape) {
			return m, failed(invalidRequest, "this is no message: %v", err)
		}
		return m, failed(parseError, "this is no JSON: %v", err)
	}
	return m, nil
}

// write writes one message.
func write(out io.Writer, m message) error {
	m.Version = "2.0"
	data, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	_, err = fmt.Fprintf(out, "Content-Length: %d\r\n\r\n%s", len(data), data)
	return err
}
