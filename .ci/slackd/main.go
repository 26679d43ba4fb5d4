// Slackd is the Slack of internal/slack/slacktest as a program, for checks of the installed
// attache: it prints its address, and the address that says what it received, and goes on
// until it is ended. #trade-desk exists and attache is in it; it is not in #newsroom.
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"attache/internal/slack/slacktest"
)

// thinks is how long it takes to answer a message it has: time to end attache in between.
const thinks = 2 * time.Second

func main() {
	s := slacktest.Start()
	s.SetChannel(slacktest.Channel{ID: "C0TRADE", Name: "trade-desk", Member: true})
	s.SetChannel(slacktest.Channel{ID: "C0NEWS", Name: "newsroom"})
	s.Fail(func(c slacktest.Call) slacktest.Fault {
		if c.Method == "chat.postMessage" {
			return slacktest.Fault{Hold: thinks}
		}
		return slacktest.Fault{}
	})
	// A message a line: its key and how it begins.
	told := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, m := range s.Messages("C0TRADE") {
			begins, _, _ := strings.Cut(m.Text, "\n")
			fmt.Fprintln(w, m.Metadata.Key(), begins)
		}
	}))
	fmt.Println(s.URL())
	fmt.Println(told.URL + "/told")
	select {}
}
