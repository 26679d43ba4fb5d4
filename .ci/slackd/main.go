// Slackd is the Slack of internal/slack/slacktest as a program, for checks of the installed
// attache: it prints its address and goes on until it is ended. #trade-desk exists and attache
// is in it; it is not in #newsroom.
package main

import (
	"fmt"

	"attache/internal/slack/slacktest"
)

func main() {
	s := slacktest.Start()
	s.SetChannel(slacktest.Channel{ID: "C0TRADE", Name: "trade-desk", Member: true})
	s.SetChannel(slacktest.Channel{ID: "C0NEWS", Name: "newsroom"})
	fmt.Println(s.URL())
	select {}
}
