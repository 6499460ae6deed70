#!/usr/bin/env bash
# Makes the hash-pinned locks anew from pyproject.toml. Newer versions are taken only with UPGRADE=1.
# dev.txt is solved first; the others are held to its versions, so that all four agree.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${UV:-.venv/bin/uv}
upgrade=${UPGRADE:+--upgrade}

compile() { # compile NAME EXTRA [more options]
    local name=$1 extra=$2
    shift 2
    "$uv" pip compile pyproject.toml --extra "$extra" --output-file "requirements/$name.txt" \
        --universal --python-version 3.11 --generate-hashes --no-strip-extras \
        --no-emit-index-url --no-emit-find-links --no-config --quiet \
        --custom-compile-command "make locks" "$@"
}

compile dev dev ${upgrade:+"$upgrade"}
for name in source officer build; do
    compile "$name" "$name" --constraint requirements/dev.txt
done

# The lock of the test peers: hashes only, neither addresses to download from nor links to authors.
(cd tests/peers && npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error)
python3 - tests/peers/package-lock.json <<'PYTHON'
import json
import pathlib
import sys

path = pathlib.Path(sys.argv[1])
lock = json.loads(path.read_text())
for package in lock["packages"].values():
    package.pop("funding", None)
    package.pop("resolved", None)
path.write_text(json.dumps(lock, indent=2) + "\n")
PYTHON
