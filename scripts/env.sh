# shellcheck shell=bash disable=SC2034
# Sourced by the other scripts: where tools live, which versions they have, and
# how a step is announced.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${RESUME_COUNTER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/resume-counter}
tools=$cache/tools
logs=$cache/log
mkdir -p "$tools/bin" "$logs"
PATH=$tools/bin:$PATH

# One heading line a step.
step() { printf '\n== %s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Runs a long command with its output in a log file, whose end is shown when
# the command fails: `logged <name> <command…>`.
logged() {
    local log=$logs/$1.log
    shift
    "$@" >"$log" 2>&1 </dev/null && return
    tail -n 30 "$log" >&2
    fail "\`$*\` failed; all of its output is in $log"
}
