# What .ci/run and each check in .ci/checks begin with: `. .ci/lib.sh`.

step() { printf '\n== %s (%d s)\n' "$*" "$SECONDS"; }
die() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
fetch() { curl -fsS --max-time 10 --noproxy '*' "$@"; }

# need COMMAND-OR-FILE PACKAGE...: the Debian packages that bring it, where it is missing.
need() {
  local what=$1
  shift
  if [[ -e $what ]] || command -v "$what" >/dev/null; then return; fi
  echo "apt-get install $*"
  install_debian "$@" 2>/dev/null || { apt-get update -qq && install_debian "$@"; }
}

install_debian() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }

# wait_ready PID URL LOG: until URL answers well, for three minutes at most: the first
# build of a fresh machine is among them.
wait_ready() {
  local until=$((SECONDS + 180))
  while ((SECONDS < until)); do
    if fetch -o /dev/null "$2" 2>/dev/null; then return; fi
    kill -0 "$1" 2>/dev/null || break
    sleep 0.2
  done
  cat "$3"
  die "$2 does not answer"
}
