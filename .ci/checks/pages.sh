# The pages in a browser: by eye (pictures in .ci/out/pages), by axe, by keyboard, without
# scripts, on paper, and what programs read beside them.
set -euo pipefail
. .ci/lib.sh

work=$(mktemp -d)
daemon=
cleanup() {
  if [[ -n $daemon ]]; then kill "$daemon" 2>/dev/null || true; wait "$daemon" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap cleanup EXIT
unset ATTACHE_CONFIG SLACK_BOT_TOKEN SLACK_APP_TOKEN CREDENTIALS_DIRECTORY STATE_DIRECTORY NOTIFY_SOCKET LISTEN_FDS
export XDG_STATE_HOME="$work/state"

need node nodejs
need npm npm
need chromium chromium fonts-dejavu-core
need /usr/lib/python3/dist-packages/feedparser/__init__.py python3-feedparser
mkdir "$work/npm"
(cd "$work/npm" && echo '{"private":true}' >package.json &&
  npm install --silent --no-audit --no-fund --no-package-lock playwright-core@1.65.1 axe-core@4.14.1 @seriousme/openapi-schema-validator@2.11.0)

cp -r config "$work/config"
config="$work/config/attache.yaml"
"$ATTACHE" serve --config "$config" --listen 127.0.0.1:0 >"$work/out" 2>"$work/log" </dev/null &
daemon=$!
for _ in {1..100}; do
  base=$("$ATTACHE" health --config "$config" --json 2>/dev/null | sed -n 's/.*"address": *"\([^"]*\)".*/\1/p') || true
  [[ -n $base ]] && break
  kill -0 "$daemon" || { cat "$work/log"; die "attache does not start"; }
  sleep 0.1
done
[[ -n $base ]] || { cat "$work/log"; die "attache does not answer"; }

# An edit, so that there is a history.
sed -i 's/^    certainty: likely$/    certainty: confirmed\n    reason: both sides said so/' "$work/config/events/us-china.yaml"
for _ in {1..100}; do
  fetch -o "$work/changes" "$base/changes"
  grep -q 'both sides said so' "$work/changes" && break
  sleep 0.1
done
grep -q 'both sides said so' "$work/changes" || { cat "$work/log"; die "an edit does not come to the page of changes"; }

out=.ci/out/pages
rm -rf "$out"
mkdir -p "$out"
"$ATTACHE" list --config "$config" --json >"$work/list"
cp .ci/pages.mjs "$work/npm/"
pictures=$PWD/$out
(cd "$work/npm" && timeout 240 node pages.mjs "$base" "$pictures" "$work/list")

fetch -o "$work/changes.atom" "$base/changes.atom"
/usr/bin/python3 - "$work/changes.atom" <<'PYTHON'
import sys, feedparser
f = feedparser.parse(sys.argv[1])
assert not f.bozo, f.bozo_exception
assert f.version == "atom10" and f.feed.id and f.feed.updated_parsed and f.feed.title, f.feed
assert len(f.entries) >= 2 and len({e.id for e in f.entries}) == len(f.entries)
assert all(e.title and e.link and e.updated_parsed and e.content[0].value for e in f.entries)
print("changes.atom:", len(f.entries), "entries, the newest:", f.entries[0].title)
PYTHON
