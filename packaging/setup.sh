#!/usr/bin/env bash
# Puts what the project needs into .venv: `setup.sh demo` the parts of the two apps, `setup.sh dev` the tools too.
# A second run with nothing new to do ends at once. Debian packages are installed only where python3 cannot make
# an environment, or gnupg or its sandbox lacks, and only as root; otherwise the one line to type is printed and this stops with 1.
# What only looking at files takes is installed with them where root sets up; else it is named, and the rest goes on.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-demo}

locks_of() {
    case $1 in
        demo) echo requirements/source.txt requirements/officer.txt ;;
        dev) echo requirements/dev.txt ;;
        *) echo "usage: packaging/setup.sh demo|dev" >&2; exit 2 ;;
    esac
}

# What is installed depends on the locks, on the settings, on which of our packages exist, and on where the tree lies.
fingerprint() {
    local locks
    locks=$(locks_of "$1")
    # shellcheck disable=SC2086  # two file names
    { cat requirements/build.txt $locks pyproject.toml packaging/setup.sh
      printf '%s\n' */__init__.py "$PWD"; } | sha256sum | cut -d' ' -f1
}

installed() {
    [ -x .venv/bin/python ] && [ -f ".venv/.stamp-$1" ] && [ "$(cat ".venv/.stamp-$1")" = "$(fingerprint "$1")" ] &&
        command -v gpg >/dev/null && command -v bwrap >/dev/null && [ ${#viewer[@]} -eq 0 ]
}

locks=$(locks_of "$kind")
mkdir -p build
exec 9>build/.setup.lock
flock 9
viewer=()
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    mapfile -t viewer < <(packaging/viewer.sh small)
fi
# The dev set holds everything that the demo needs.
if installed "$kind" || installed dev; then
    exit 0
fi

python=${PYTHON:-python3}
missing=()
"$python" -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
command -v gpg >/dev/null || missing+=(gnupg)
command -v bwrap >/dev/null || missing+=(bubblewrap)
missing+=("${viewer[@]}")
[ ${#missing[@]} -eq 0 ] || packaging/debian.sh "${missing[@]}"

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "CleanDrop needs Python 3.11 or later; $python is $("$python" --version 2>&1)." >&2
    exit 1
}

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    rm -rf .venv
    echo "making .venv"
    "$python" -m venv .venv
fi
rm -f ".venv/.stamp-$kind"

pip=(.venv/bin/python -m pip --quiet --disable-pip-version-check --no-input)
echo "installing the locked packages into .venv ($kind)"
# setuptools first, so that stem, which comes as source only, is built with the locked one.
"${pip[@]}" install --require-hashes -r requirements/build.txt
args=()
for lock in $locks; do args+=(-r "$lock"); done
"${pip[@]}" install --require-hashes --no-build-isolation "${args[@]}"
"${pip[@]}" install --no-deps --no-build-isolation --editable .
fingerprint "$kind" >".venv/.stamp-$kind"
unseen=$(packaging/viewer.sh small | tr '\n' ' ')
[ -z "$unseen" ] || echo "files can be looked at once these are installed: $unseen"
