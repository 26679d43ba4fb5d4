# The rules and the metrics as Prometheus reads them, and the dashboard as JSON.
set -euo pipefail
. .ci/lib.sh

work=$(mktemp -d)
daemon=
cleanup() {
  if [[ -n $daemon ]]; then kill -KILL "$daemon" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap cleanup EXIT
need curl curl
need node nodejs
unset ATTACHE_CONFIG SLACK_BOT_TOKEN SLACK_APP_TOKEN CREDENTIALS_DIRECTORY STATE_DIRECTORY NOTIFY_SOCKET LISTEN_FDS
export XDG_STATE_HOME="$work/state"

node -e 'const d = JSON.parse(require("fs").readFileSync("config/monitoring/grafana.json")); if (!d.panels.length) process.exit(1)'
# Its program is taken out of the package: installed, it would run as a service.
promtool=$(command -v promtool || true)
if [[ -z $promtool ]]; then
  fetch_package() { (cd "$work" && apt-get download -qq prometheus >/dev/null 2>&1); }
  fetch_package || { apt-get update -qq >/dev/null 2>&1 && fetch_package; } || { echo "skipped: there is no promtool here"; exit 0; }
  dpkg-deb -x "$work"/prometheus_*.deb "$work/prometheus"
  promtool="$work/prometheus/usr/bin/promtool"
fi
"$promtool" check rules config/monitoring/alerts.yaml
"$ATTACHE" serve --listen 127.0.0.1:18083 >"$work/log" 2>&1 &
daemon=$!
wait_ready "$daemon" http://127.0.0.1:18083/readyz "$work/log"
fetch -o /dev/null http://127.0.0.1:18083/feeds/all.ics
fetch -o "$work/metrics" http://127.0.0.1:18083/metrics
"$promtool" check metrics <"$work/metrics"
echo "$(grep -c '^# TYPE attache_' "$work/metrics") metrics of attache, as Prometheus wants them"
kill -TERM "$daemon"
wait "$daemon" || die "it did not stop well"
daemon=
