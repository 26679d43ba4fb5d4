# attache lsp with the client library of VS Code: what it shows as somebody types, offers,
# explains and mends, and that no process is left behind.
set -euo pipefail
. .ci/lib.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
need node nodejs
need npm npm
mkdir "$work/npm"
(cd "$work/npm" && echo '{"private":true}' >package.json &&
  npm install --silent --no-audit --no-fund --no-package-lock vscode-languageserver-protocol@3.17.5)
"$ATTACHE" init "$work/config" >/dev/null
cp config/events/us-china.yaml "$work/config/events/"
cp .ci/editor.mjs "$work/npm/"
before=$(cd "$work/config" && find . -type f -exec cksum {} + | sort)
(cd "$work/npm" && timeout 60 node editor.mjs "$ATTACHE" "$work/config")
[[ $(cd "$work/config" && find . -type f -exec cksum {} + | sort) == "$before" ]] || die "a file was written"
