#!/usr/bin/env bash
# Every check that needs no run of the code. All of them run, so that one look shows everything there is to mend.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0

step() {
    local name=$1
    shift
    if "$@"; then echo "ok    $name"; else echo "WRONG $name" >&2; failed=1; fi
}

typed() { # mypy on our packages and tests, as far as they hold Python
    local parts=()
    for part in crypto transfer cases onion source_app journalist_app source_client demo tests packaging; do
        [ -n "$(find "$part" -name '*.py' -not -path '*/node_modules/*' -print -quit 2>/dev/null)" ] && parts+=("$part")
    done
    .venv/bin/mypy --no-error-summary "${parts[@]}"
}

directions() { # the tool's banner and its list of kept contracts are shown only when one is broken
    local said
    said=$(.venv/bin/lint-imports 2>&1) || { echo "$said"; return 1; }
}

step "ruff check" .venv/bin/ruff check --quiet .
step "ruff format" .venv/bin/ruff format --check --quiet .
step "mypy" typed
step "import directions" directions
exit $failed
