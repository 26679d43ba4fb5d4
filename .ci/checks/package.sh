# The Debian package: built, installed into a root of its own, used there, and removed.
set -euo pipefail
. .ci/lib.sh

work=$(mktemp -d)
daemon=
cleanup() {
  if [[ -n $daemon ]]; then kill -KILL "$daemon" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap cleanup EXIT
command -v dpkg >/dev/null || { echo "no dpkg here"; exit 0; }
[[ $(id -u) == 0 ]] || { echo "a root of its own needs root"; exit 0; }
need curl curl
unset ATTACHE_CONFIG SLACK_BOT_TOKEN SLACK_APP_TOKEN

ARCH=$(dpkg --print-architecture) timeout 300 bash .ci/deb 1.2.3 "$work/attache.deb" >/dev/null
dpkg-deb --field "$work/attache.deb" Package Version Architecture
root="$work/root"
mkdir -p "$root"/{bin,tmp,dev,var/lib/dpkg/info,var/lib/dpkg/updates,etc}
touch "$root/var/lib/dpkg/status" "$root/var/lib/dpkg/available"
# What the scripts of the package need, and nothing of the machine besides.
for program in /bin/sh /bin/rmdir; do
  cp -L "$program" "$root$program"
  ldd "$program" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -Ln "$library" "$root$library"
  done
done
package() { dpkg --root="$root" --force-depends "$@" >"$work/dpkg" 2>&1 || { cat "$work/dpkg"; die "dpkg $*"; }; }

package --install "$work/attache.deb"
grep -q 'systemctl enable --now attache' "$work/dpkg" || die "the installation does not say how attache is started"
for file in usr/bin/attache usr/lib/systemd/system/attache.service usr/lib/systemd/system/attache.socket usr/lib/systemd/user/attache.service \
  usr/lib/systemd/system/attache-backup.timer etc/attache/attache.yaml etc/attache/events/dates.yaml etc/attache/attache.schema.json \
  usr/share/doc/attache/examples/slack-manifest.yaml usr/share/man/man1/attache.1.gz usr/share/man/man1/attache-serve.1.gz usr/share/man/man7/attache-dates.7.gz usr/share/bash-completion/completions/attache; do
  [[ -e $root/$file ]] || die "the package has no /$file"
done
inside() { chroot "$root" /usr/bin/attache "$@"; }
[[ $(inside version) == "attache 1.2.3" ]] || die "it is $(inside version)"
[[ $(inside config path) == /etc/attache/attache.yaml ]] || die "it reads $(inside config path)"
inside check
inside list >"$work/out" 2>&1 # and not into grep -q, which stops reading at the first match
grep -q 'warning: there is no database at /var/lib/attache/attache.db' "$work/out" || { cat "$work/out"; die "a missing database is passed over"; }
chroot "$root" /usr/bin/attache serve --listen 127.0.0.1:18082 >"$work/log" 2>&1 &
daemon=$!
wait_ready "$daemon" http://127.0.0.1:18082/readyz "$work/log"
fetch -o "$work/feed" http://127.0.0.1:18082/feeds/all.ics
grep -q 'SUMMARY:.*An example of a meeting' "$work/feed" || die "the feed lacks the example"
inside health >/dev/null || die "the command does not find the service"
kill -TERM "$daemon"
wait "$daemon" || die "it did not stop well"
[[ -n $(inside notices) ]] || die "the command does not find the database of the service"
daemon=

# As the documentation has it for Slack: root alone can read the token, the service, which is
# another user, gets it from systemd.
as_service() { chroot --userspec=65534:65534 "$root" /usr/bin/env HOME=/tmp CREDENTIALS_DIRECTORY=/run/credentials /usr/bin/attache "$@" 2>&1; }
cp /usr/bin/env "$root/usr/bin/env"
chmod 1777 "$root/tmp"
mkdir -p "$root/run/credentials"
(umask 077 && echo xoxb-1-secret >"$root/etc/attache/slack-bot-token")
cp "$root/etc/attache/attache.yaml" "$work/attache.yaml"
printf '\nslack: {token_file: /etc/attache/slack-bot-token, channel: "#trade-desk"}\n' >>"$root/etc/attache/attache.yaml"
if as_service serve --data /tmp >"$work/out"; then die "a token that can't be read is no error"; fi
grep -q 'leave slack.token_file out' "$work/out" || { cat "$work/out"; die "it does not say what to do about the token"; }
echo xoxb-1-secret >"$root/run/credentials/slack-bot-token"
as_service config show >"$work/out"
grep -q '^# slack bot token: [*]' "$work/out" || { cat "$work/out"; die "the token of systemd does not count"; }
rm -r "$root/run/credentials" "$root/etc/attache/slack-bot-token" "$root/usr/bin/env"
cp "$work/attache.yaml" "$root/etc/attache/attache.yaml"

# What a person edited outlives an upgrade and a removal, and not a purge.
echo "settle: 3m" >>"$root/etc/attache/attache.yaml" || true
sed -i 's/^settle: 2m.*$//' "$root/etc/attache/attache.yaml"
package --install "$work/attache.deb"
grep -q 'settle: 3m' "$root/etc/attache/attache.yaml" || die "an upgrade wrote over the settings"
inside check >/dev/null
package --remove attache
[[ ! -e $root/usr/bin/attache && -e $root/etc/attache/attache.yaml ]] || die "it is not removed as it should be"
package --purge attache
left=$(cd "$root" && find usr etc/attache ! -type d 2>/dev/null || true)
left=$(grep -v -e '^usr/lib/' -e '^usr/lib64/' <<<"$left" || true)
[[ -z $left ]] || die "it leaves $left"
[[ -s $root/var/lib/attache/attache.db ]] || die "it took the database along"
echo "installed, used, upgraded and removed"
