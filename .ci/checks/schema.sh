# The shipped schemas in the server that editors ask about YAML: what it offers, what it
# says of a key, and that it finds a mistake.
set -euo pipefail
. .ci/lib.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
need node nodejs
need npm npm
mkdir "$work/npm"
(cd "$work/npm" && echo '{"private":true}' >package.json &&
  npm install --silent --no-audit --no-fund --no-package-lock yaml-language-server@2.0.0 ajv@8.20.0)
"$ATTACHE" init "$work/config" >/dev/null
cp config/events/us-china.yaml "$work/config/events/"
cp .ci/schema.mjs "$work/npm/"
(cd "$work/npm" && timeout 60 node schema.mjs "$work/config")
