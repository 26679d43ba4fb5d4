# The Debian package, used as `attache help operate` and `attache help slack` have it: on a
# Debian with systemd as its process 1, which is this one behind overlays, without the network.
set -euo pipefail
. .ci/lib.sh

command -v dpkg >/dev/null || { echo "no dpkg here"; exit 0; }
[[ $(id -u) == 0 ]] || { echo "a Debian of its own needs root"; exit 0; }
need systemctl systemd
need dbus-daemon dbus
need systemd-nspawn systemd-container
need curl curl

work=$(mktemp -d)
root="$work/tree/root"
box= leader=
cleanup() {
  if [[ -n $leader ]]; then kill -KILL "$leader" 2>/dev/null || true; fi
  if [[ -n $box ]]; then wait "$box" 2>/dev/null || true; fi
  umount -R "$work/tree" 2>/dev/null || umount -Rl "$work/tree" || true
  find /sys/fs/cgroup/{,*/}{payload,supervisor} -depth -type d -exec rmdir {} + 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

# Two versions, and the Slack of the tests.
package() { ARCH=$(dpkg --print-architecture) timeout 300 bash .ci/deb "$1" "$work/$1.deb" >/dev/null; }
package 1.2.3
dpkg-deb --field "$work/1.2.3.deb" Package Version Architecture
package 1.2.4 &
second=$!
CGO_ENABLED=0 go build -o "$work/slackd" ./.ci/slackd

# What is written there is gone afterwards. Of this machine's services it has none.
mkdir "$work/tree"
mount -t tmpfs tmpfs "$work/tree"
for dir in usr etc var; do
  mkdir -p "$root/$dir" "$work/tree/$dir"/{upper,work}
  mount -t overlay overlay -o "lowerdir=/$dir,upperdir=$work/tree/$dir/upper,workdir=$work/tree/$dir/work" "$root/$dir"
done
for link in bin sbin lib lib64; do cp -a "/$link" "$root/$link"; done
mkdir -p "$root"/{dev,proc,sys,run,tmp,root}
rm -rf "$root/var/lib/man-db/auto-update" "$root"/etc/{systemd/system,attache} "$root"/var/lib/{,private/}attache* "$root/var/log/journal"
mkdir "$root/etc/systemd/system"
echo 00000000000000000000000000000a77 >"$root/etc/machine-id"
systemd-nspawn --directory="$root" --machine="attache-$$" --boot --private-network --register=no --keep-unit --console=pipe </dev/null >"$work/box" 2>&1 &
box=$!
inside() { nsenter --target "$leader" --all -- /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive "$@" </dev/null; }
for _ in $(seq 100); do
  leader=$(grep -ls "^PPid:[[:space:]]*$box\$" /proc/[0-9]*/status | head -n 1 | tr -dc 0-9 || true)
  if [[ -n $leader ]] && inside systemctl is-active multi-user.target >/dev/null 2>&1; then break; fi
  sleep 0.2
done
inside systemctl is-active multi-user.target >/dev/null || { cat "$work/box"; die "systemd does not start"; }

wait "$second"
cp "$work"/*.deb "$work/slackd" "$root/root/"

# run STATUS COMMAND...: it ends with STATUS, and $work/out is what it printed.
run() {
  local want=$1 code=0
  shift
  inside "$@" >"$work/out" 2>&1 || code=$?
  [[ $code == "$want" ]] || { cat "$work/out"; inside journalctl -u attache -n 20 --no-pager; die "$* ended with $code, not with $want"; }
}
# says WORDS: the command that ran last said so.
says() { grep -qF -- "$1" "$work/out" || { cat "$work/out"; die "it does not say: $1"; }; }
# eventually WORDS COMMAND...: within ten seconds it says so.
eventually() {
  local words=$1
  shift
  for _ in $(seq 50); do
    inside "$@" >"$work/out" 2>&1 || true
    if grep -qF -- "$words" "$work/out"; then return; fi
    sleep 0.2
  done
  says "$words"
}
settings=/etc/attache/attache.yaml dates=/etc/attache/events/dates.yaml token=/etc/attache/slack-bot-token

step "install it"
run 0 apt-get install -y /root/1.2.3.deb
says "start it with: systemctl enable --now attache"
for file in usr/lib/systemd/user/attache.service usr/share/doc/attache/examples/slack-manifest.yaml usr/share/man/man1/attache.1.gz usr/share/man/man1/attache-serve.1.gz \
  usr/share/man/man7/attache-dates.7.gz usr/share/bash-completion/completions/attache etc/attache/attache.schema.json; do
  [[ -e $root/$file ]] || die "the package has no /$file"
done
run 0 attache version && says "attache 1.2.3"
run 0 attache config path && says "$settings"
run 0 attache check && says "0 warnings"
run 0 attache list && says "warning: there is no database at /var/lib/attache/attache.db"
run 0 systemctl enable --now attache
eventually "files     ok" attache health
run 0 attache doctor && says "daemon         attache 1.2.3 answers at http://127.0.0.1:8080"
run 0 attache list && says "An example of a meeting"
run 0 attache notices && says "example-meeting"
run 0 attache plan && says "0 changes, 0 notices"
run 0 curl -fsS http://127.0.0.1:8080/feeds/all.ics && says "SUMMARY:"
run 1 runuser -u nobody -- attache doctor && says "run doctor as root"
if grep -q 'database ' "$work/out"; then cat "$work/out"; die "what may not be read is told as damaged"; fi

step "as somebody else, and for one user"
run 0 useradd --create-home desk
run 0 loginctl enable-linger desk
desk() { # desk STATUS COMMAND...: as run, by that user
  run "$1" runuser -u desk -- env HOME=/home/desk XDG_RUNTIME_DIR="/run/user/$(inside id -u desk)" "${@:2}"
}
for command in list plan notices "backup /tmp/copy.db" "set example-meeting certainty=likely --yes" "feeds list"; do
  # shellcheck disable=SC2086 # these are words
  desk 1 attache $command && says "it answers root and its own user alone, so run this as one of them"
done
desk 1 attache serve --listen 127.0.0.1:8092 && says "/var/lib/attache: permission denied"
desk 1 attache restore /root/1.2.3.deb && says "/var/lib/attache: permission denied"
eventually running systemctl --user --machine=desk@ is-system-running
desk 1 systemctl --user start attache
desk 0 attache init /home/desk/.config/attache
sed -i 's/^listen: .*/listen: 127.0.0.1:8092/' "$root/home/desk/.config/attache/attache.yaml"
desk 0 systemctl --user enable --now attache
desk 0 attache health && says "http://127.0.0.1:8092, 3 events"
desk 0 attache set example-meeting certainty=likely --yes
desk 0 systemctl --user disable --now attache

step "the token, and Slack"
run 0 systemd-run --quiet --unit=slack --property=StandardOutput=file:/root/slack.url /root/slackd
eventually "/told" cat /root/slack.url
{ read -r slack; read -r told; } <"$root/root/slack.url"
# once WORDS: of these messages Slack has received one, and none twice.
once() {
  run 0 curl -fsS "$told"
  [[ $(grep -cF -- "$1" "$work/out") == 1 && -z $(cut -d' ' -f1 "$work/out" | sort | uniq -d) ]] || { cat "$work/out"; die "not once: $1"; }
}
sed -i 's/^settle: 2m/settle: 1s/' "$root$settings"
cp "$root$settings" "$work/attache.yaml"
(umask 077 && echo xoxb-test >"$root$token")
slack() { # slack KEYS: with these settings of Slack
  { cat "$work/attache.yaml"; printf '\nslack: {%s, api_url: "%s"}\n' "$1" "$slack"; } >"$root$settings"
}
slack "token_file: $token, channel: \"#trade-desk\""
eventually "restart attache: systemd hands it to the service when it starts" attache health
run 0 systemctl restart attache
eventually "channel #trade-desk (C0TRADE) can be read" attache health
run 0 attache doctor --slack && says "channel #trade-desk (C0TRADE) can be read"
slack "token_file: $token, channel: \"#newsroom\""
eventually "slack     to be put right: " attache health
says "invite the bot there with /invite"
run 1 attache doctor --slack && says "invite the bot there with /invite"
slack 'channel: "#trade-desk"'
eventually "channel #trade-desk (C0TRADE) can be read" attache health
run 0 attache doctor --slack && says "none here, so Slack was not asked"
slack "token_file: /root/token, channel: \"#trade-desk\""
cp -p "$root$token" "$root/root/token"
run 0 systemctl restart attache # what systemd handed over counts

step "the other secrets"
run 0 install -d -m 700 /etc/attache/secrets
(umask 077 && echo "http://127.0.0.1:8080/livez?key=planted" >"$root/etc/attache/secrets/heartbeat-url")
slack "token_file: $token, channel: \"#trade-desk\""
printf '%s\n' "heartbeat: {url_file: /etc/attache/secrets/heartbeat-url, local: true, every: 10s}" >>"$root$settings"
eventually "permission denied: restart attache: systemd hands it" journalctl -u attache --no-pager
run 0 systemctl restart attache
eventually 'attache_heartbeats_total{result="ok"} 1' curl -sS http://127.0.0.1:8080/metrics
if grep -rq "key=planted" "$root/var/log" "$root/var/lib/private/attache"; then die "the address is in the log or in the database"; fi
if grep -rq xoxb-test "$root/var/log" "$root/var/lib/private/attache"; then die "the token is in the log or in the database"; fi
slack "token_file: $token, channel: \"#trade-desk\""
cp "$root$settings" "$work/attache.yaml"
run 0 systemctl restart attache

step "files that are wrong, or may not be read"
cp "$root$dates" "$work/dates.yaml"
echo "when: 2026-02-30" >>"$root$dates"
run 0 systemctl reload attache
eventually "the last good state stays" attache health
says "$dates:"
run 1 attache check && says "so nothing of this is taken"
cp "$work/dates.yaml" "$root$dates"
eventually "files     ok" attache health
chmod 600 "$root$dates"
eventually "the user that attache runs as may not read the file" attache health
chmod 644 "$root$dates"
sed -i 's/^listen: .*/listen: unix:\/run\/attache\/http.sock/' "$root$settings"
eventually "listen was changed: attache goes by it once it is started again" attache health
run 0 systemctl restart attache
run 0 runuser -u nobody -- curl -fsS --unix-socket /run/attache/http.sock http://attache/livez
cp "$work/attache.yaml" "$root$settings"

step "back it up, and restore it"
run 0 systemctl restart attache
run 0 attache backup /root/copy.db && says "checked, and it holds what the database holds"
run 0 attache compact
run 0 systemctl enable --now attache-backup.timer
run 0 systemctl start attache-backup.service
run 0 ls /var/lib/attache-backups && says ".db"
run 75 attache restore /root/copy.db
run 0 systemctl stop attache
run 0 attache restore /root/copy.db && says "restored /var/lib/attache/attache.db"
run 0 attache compact
run 0 attache doctor && says "is sound"
run 0 systemctl start attache # root restored it, and the service is somebody else
run 0 systemctl stop attache
inside sh -c 'rm /var/lib/attache/attache.db*'
run 0 timeout --foreground --preserve-status -s TERM 3 attache serve --fresh --listen 127.0.0.1:8091
run 0 systemctl start attache
run 0 attache health

step "the socket, the stricter drop-in, the watchdog"
run 0 systemctl stop attache
run 0 systemctl enable --now attache.socket
run 0 systemctl start attache
run 0 systemctl is-active attache.socket
run 0 install -D -m 644 /usr/share/doc/attache/examples/strict.conf /etc/systemd/system/attache.service.d/strict.conf
run 0 systemctl daemon-reload
run 0 systemctl restart attache
eventually '"ready": true' curl -sS http://127.0.0.1:8080/readyz
inside sh -c 'mkdir -p /run/systemd/system/attache.service.d && printf "[Service]\nWatchdogSec=2\n" >/run/systemd/system/attache.service.d/soon.conf'
run 0 systemctl daemon-reload
run 0 systemctl restart attache
eventually '"ready": true' curl -sS http://127.0.0.1:8080/readyz
run 0 attache set example-meeting certainty=likely --yes
eventually "Doubted: An example of a meeting" curl -fsS "$told" # and has not been answered
run 0 systemctl kill --signal=STOP attache # so that the watchdog has to end it
eventually "NRestarts=1" systemctl show attache -p NRestarts
eventually '"ready": true' curl -sS http://127.0.0.1:8080/readyz
eventually '"state":"sent"' attache notices --json --event example-meeting --kind change
once "Doubted: An example of a meeting"

step "upgrade, remove, purge"
sed -i 's/^settle: 1s/settle: 3m/' "$root$settings"
run 0 apt-get install -y /root/1.2.4.deb
run 0 attache health
run 0 attache doctor && says "attache 1.2.4 answers"
run 0 grep '^settle: 3m' "$settings"
run 0 apt-get remove -y attache
[[ ! -e $root/usr/bin/attache && -e $root$settings ]] || die "it is not removed as it should be"
run 3 systemctl is-active attache
run 0 apt-get install -y /root/1.2.4.deb
says "start it with: systemctl enable --now attache"
run 0 systemctl enable --now attache
run 0 attache health
inside dpkg -L attache >"$work/files"
cp "$root$dates" "$work/dates.yaml"
run 0 apt-get purge -y attache
left=$(while read -r file; do if [[ -e $root$file && ! -d $root$file ]]; then echo "$file"; fi; done <"$work/files"; find "$root/etc/systemd" -name '*attache*' -type l)
[[ -z $left ]] || die "it leaves $left"
[[ ! -e $root$settings && -s $root$token && -s $root/var/lib/private/attache/attache.db ]] || die "a purge takes the settings and nothing else"

step "install it again on its data"
run 0 apt-get install -y /root/1.2.4.deb
cp "$work/dates.yaml" "$root$dates"
cp "$work/attache.yaml" "$root$settings"
run 0 systemctl enable --now attache
run 0 attache set example-visit certainty=likely --yes
eventually ": An example of a visit" curl -fsS "$told"
once ": An example of a visit"
once ": An example of a meeting"
echo "installed, used, upgraded, removed and purged"
