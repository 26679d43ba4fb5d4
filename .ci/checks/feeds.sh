# The feeds in the programs that people have: curl and wget, ical.js, and a subscription
# by vdirsyncer with khal, twice, with an edit between.
set -euo pipefail
. .ci/lib.sh

work=$(mktemp -d)
daemon=
cleanup() {
  if [[ -n $daemon ]]; then kill -TERM "$daemon" 2>/dev/null || true; wait "$daemon" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap cleanup EXIT
need curl curl
need wget wget
need node nodejs
need npm npm
need khal khal
need vdirsyncer vdirsyncer
unset ATTACHE_CONFIG SLACK_BOT_TOKEN SLACK_APP_TOKEN CREDENTIALS_DIRECTORY STATE_DIRECTORY NOTIFY_SOCKET LISTEN_FDS
export XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/xdg" XDG_DATA_HOME="$work/share" XDG_CACHE_HOME="$work/cache" LC_ALL=C.UTF-8

base=http://127.0.0.1:18610
mkdir "$work/config" "$work/config/events"
cat >"$work/config/attache.yaml" <<YAML
listen: 127.0.0.1:18610
timezone: America/New_York
feeds:
  - {name: all, title: Diplomatic calendar}
  - {name: spans, windows: span, cancelled: status, alarms: [1d, 2h]}
  - {name: days, windows: none, cancelled: title}
  - {name: desk, private: true}
YAML
cp config/events/us-china.yaml "$work/config/events/"
cat >"$work/config/events/own.yaml" <<'YAML'
events:
  - {id: own-visit, title: "A visit, with commas; and “quotes”", kind: visit, zone: Asia/Shanghai, when: {between: [2026-01-01, 2026-02-16]}}
  - {id: own-report, title: Monthly report, kind: announcement, zone: America/New_York, certainty: confirmed, when: {at: "2026-01-02 08:30", recurs: "FREQ=MONTHLY;BYDAY=1FR"}}
  - {id: own-deadline, title: Filing, kind: deadline, certainty: confirmed, zone: Asia/Seoul, when: "2026-03-15 17:00"}
YAML
"$ATTACHE" serve --config "$work/config/attache.yaml" >"$work/out" 2>"$work/log" </dev/null &
daemon=$!
wait_ready "$daemon" "$base/readyz" "$work/log"

step "curl and wget get the same, plain and compressed"
for name in all spans days; do
  url=$base/feeds/$name.ics
  fetch -o "$work/$name.ics" "$url"
  fetch --compressed -o "$work/curl.ics" "$url"
  wget -q --no-proxy --timeout=10 -O "$work/wget.ics" "$url"
  wget -q --no-proxy --timeout=10 --compression=gzip -O "$work/wgetz.ics" "$url"
  fetch -H 'Accept-Encoding: gzip' -o "$work/raw.gz" "$url"
  gzip -dc "$work/raw.gz" >"$work/gunzip.ics"
  for got in curl wget wgetz gunzip; do cmp "$work/$name.ics" "$work/$got.ics"; done
  "$ATTACHE" feeds check "$work/$name.ics"
done
address=$("$ATTACHE" feeds new desk --config "$work/config/attache.yaml" --note check | head -n 1)
fetch -o "$work/desk.ics" "${address/http:\/\/127.0.0.1:18610/$base}"
"$ATTACHE" feeds check "$work/desk.ics"
"$ATTACHE" feeds revoke "$(basename "$(dirname "$address")" | cut -d. -f1)" --config "$work/config/attache.yaml"
[[ $(curl -s --noproxy '*' -o /dev/null -w '%{http_code}' "$address") == 404 ]] || die "a revoked address still leads to the feed"

step "ical.js reads every feed, and any events as other readers do"
mkdir "$work/reader" "$work/corpus"
cp .ci/package.json .ci/parse-feed.mjs .ci/compare-feeds.mjs "$work/reader/"
(cd "$work/reader" && npm install --silent --no-audit --no-fund --no-package-lock)
for name in all spans days desk; do (cd "$work/reader" && node parse-feed.mjs "$work/$name.ics" | tail -n 1); done
ATTACHE_LONG=1 go test ./internal/feed -run OtherReaders -corpus "$work/corpus" >/dev/null
(cd "$work/reader" && node compare-feeds.mjs "$work/corpus")

step "vdirsyncer and khal, before and after an edit"
mkdir -p "$work/xdg/vdirsyncer" "$work/xdg/khal" "$work/calendar"
cat >"$work/xdg/vdirsyncer/config" <<CONF
[general]
status_path = "$work/status"
[pair attache]
a = "feed"
b = "local"
collections = null
conflict_resolution = "a wins"
[storage feed]
type = "http"
url = "$base/feeds/all.ics"
[storage local]
type = "filesystem"
path = "$work/calendar"
fileext = ".ics"
CONF
cat >"$work/xdg/khal/config" <<CONF
[calendars]
[[attache]]
path = $work/calendar
type = calendar
[locale]
local_timezone = Asia/Shanghai
default_timezone = Asia/Shanghai
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
CONF
listed() { timeout 30 khal list --format '{start-date} {start-time} {title}' --day-format '' 2026-01-01 120d; }
synced() { timeout 30 vdirsyncer sync >"$work/sync" 2>&1 || { cat "$work/sync"; die "vdirsyncer"; }; }
printf 'y\ny\n' | timeout 30 vdirsyncer discover >"$work/sync" 2>&1 || { cat "$work/sync"; die "vdirsyncer discover"; }
synced
listed >"$work/before"
cat "$work/before"
grep -q '^2026-01-01  *\[window\] First possible day: A visit, with commas; and “quotes” (some day from 1 Jan to 16 Feb 2026, possible)$' "$work/before" || die "khal does not show when the window opens"
grep -q '^2026-02-16 .*Last possible day: A visit' "$work/before" || die "khal does not show the last day"
grep -q '^2026-02-06 21:30 Monthly report' "$work/before" || die "khal does not show the series at 08:30 in New York"
grep -q '^2026-04-03 20:30 Monthly report' "$work/before" || die "khal does not follow the clocks of New York"
grep -q '^2026-03-15 16:00 Filing' "$work/before" || die "khal does not show the deadline at 17:00 in Seoul"

sed -i 's/between: \[2026-01-01, 2026-02-16\]/on: 2026-02-03/; s/kind: visit, zone/kind: visit, certainty: confirmed, zone/' "$work/config/events/own.yaml"
for _ in $(seq 50); do
  fetch -o "$work/edited" "$base/feeds/all.ics"
  grep -q '^DTSTART;VALUE=DATE:20260203' "$work/edited" && break
  sleep 0.2
done
synced
listed >"$work/after"
grep -q '^2026-02-03  *A visit, with commas; and “quotes”' "$work/after" || { cat "$work/after"; die "khal does not show the day"; }
if grep -q '\[window\] .*A visit' "$work/after"; then die "khal still shows the window"; fi
grep -q '^2026-01-01 .*Date set: A visit.*now Tue 3 Feb 2026' "$work/after" || { cat "$work/after"; die "khal does not show that the window is over"; }
echo "khal shows the window, then the day"
kill -TERM "$daemon"
wait "$daemon"
daemon=
