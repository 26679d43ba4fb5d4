package notice

import (
	"regexp"
	"strings"
)

// channelID matches the ids of Slack's channels. Names are in lower case.
var channelID = regexp.MustCompile(`^[CGD][A-Z0-9]{2,}$`)

// BareChannel returns a channel as a person wrote it without the # of a name, and reports
// whether that is an id of Slack's and no name.
func BareChannel(written string) (channel string, isID bool) {
	channel = strings.TrimPrefix(strings.TrimSpace(written), "#")
	return channel, channelID.MatchString(channel)
}
