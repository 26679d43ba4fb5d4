# What the tests can't measure under the race detector: a soak with an eye on memory,
# descriptors and goroutines, three hundred slow connections, kills in the midst of edits
# and backups, all at full length.
set -euo pipefail
. .ci/lib.sh

unset ATTACHE_CONFIG SLACK_BOT_TOKEN SLACK_APP_TOKEN CREDENTIALS_DIRECTORY STATE_DIRECTORY NOTIFY_SOCKET LISTEN_FDS
out=$(mktemp)
trap 'rm -f "$out"' EXIT
code=0
# One after the other: each looks at what a process takes.
ATTACHE_LONG=1 go test ./internal/attachetest -count=1 -run '^TestChaos_' -parallel 1 -timeout 5m -v >"$out" 2>&1 || code=$?
grep -E '^ *--- |_test\.go:|^(ok|FAIL)' "$out" || true
[[ $code == 0 ]] || { tail -n 100 "$out"; die "chaos"; }
