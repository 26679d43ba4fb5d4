# The units as systemd reads them, and the daemon under a service manager that is played:
# states on a notify socket, and an address that is handed over.
set -euo pipefail
. .ci/lib.sh

need systemd-analyze systemd
need curl curl
work=$(mktemp -d)
daemon=
cleanup() {
  if [[ -n $daemon ]]; then kill -KILL "$daemon" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap cleanup EXIT
unset ATTACHE_CONFIG SLACK_BOT_TOKEN SLACK_APP_TOKEN CREDENTIALS_DIRECTORY STATE_DIRECTORY NOTIFY_SOCKET LISTEN_FDS LISTEN_PID
export XDG_STATE_HOME="$work/state" XDG_RUNTIME_DIR="$work/run"
mkdir -p "$work/run" "$work/units/user" "$work/strict/attache.service.d"

# The program is not installed here: the one that was built stands for it.
place() { sed "s|/usr/bin/attache|$ATTACHE|g" "$1" >"$2"; }
for unit in systemd/*.service systemd/*.socket systemd/*.timer; do place "$unit" "$work/units/$(basename "$unit")"; done
place systemd/user/attache.service "$work/units/user/attache.service"
place systemd/attache.service "$work/strict/attache.service"
place systemd/strict.conf "$work/strict/attache.service.d/strict.conf"

verify() { # systemd-analyze succeeds with keys it does not know: it has to be silent
  local words
  words=$(SYSTEMD_UNIT_PATH="$(dirname "${!#}"):" systemd-analyze "$@" 2>&1) || die "$*: $words"
  [[ -z $words ]] || die "$*: $words"
}
verify verify "$work"/units/*.service "$work"/units/*.socket "$work"/units/*.timer
verify --user verify "$work/units/user/attache.service"
verify verify "$work/strict/attache.service"
exposure() {
  SYSTEMD_UNIT_PATH="$(dirname "$1"):" systemd-analyze security --offline=true --no-pager "$1" | awk '/Overall exposure level/ {print $(NF-2)}'
}
for want in "$work/units/attache.service 1.2" "$work/strict/attache.service 1.0" "$work/units/attache-backup.service 2.5"; do
  got=$(exposure "${want% *}")
  echo "${want% *} is exposed by $got"
  awk -v x="$got" -v most="${want#* }" 'BEGIN {exit !(x ~ /^[0-9.]+$/ && x <= most)}' || die "$want"
done

# An address that is handed over answers although nobody listened to it before.
command -v systemd-socket-activate >/dev/null || { echo "no systemd-socket-activate here"; exit 0; }
systemd-socket-activate -l 127.0.0.1:18081 -E XDG_STATE_HOME="$XDG_STATE_HOME" "$ATTACHE" serve >"$work/log" 2>&1 &
daemon=$!
for _ in $(seq 100); do
  if (exec 3<>/dev/tcp/127.0.0.1/18081) 2>/dev/null; then break; fi
  sleep 0.1
done
fetch --retry 20 --retry-delay 1 --retry-all-errors -o "$work/feed" http://127.0.0.1:18081/feeds/all.ics || { cat "$work/log"; die "the address does not answer"; }
grep -q BEGIN:VCALENDAR "$work/feed"
kill -TERM "$daemon"
code=0
wait "$daemon" || code=$?
daemon=
[[ $code == 0 ]] || { cat "$work/log"; die "after SIGTERM it ended with $code"; }
echo "the address that systemd holds is served"
