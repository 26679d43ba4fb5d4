# The daemon as a process that is killed, and frozen, again and again while it sends a
# hundred alerts, with changes and replies among them, to a Slack that answers wrongly,
# goes away and comes back: each alert stands there once, and none is lost.
set -euo pipefail
. .ci/lib.sh

unset ATTACHE_CONFIG SLACK_BOT_TOKEN SLACK_APP_TOKEN
step "kills and frosts while alerts go out"
go test ./internal/attachetest -count=1 -parallel=4 -timeout=10m -run='Kills|Frozen' -kills=12 -alerts=100 || die "an alert was lost or repeated"
