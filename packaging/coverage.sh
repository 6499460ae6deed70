#!/usr/bin/env bash
# Judges the last `make test` package by package: what seals, carries and decides is covered whole.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
for rule in crypto:100 transfer:100 cases:100 onion:95 source_app:95 journalist_app:95 source_client:95; do
    package=${rule%%:*}
    least=${rule##*:}
    # a named place in which nothing stands yet
    [ "$(find "$package" -name '*.py' ! -name __init__.py -print -quit)" ] || continue
    .venv/bin/coverage report --include="$package/*" --fail-under="$least" || {
        echo "WRONG $package: branch coverage is under $least %" >&2
        failed=1
    }
done
exit $failed
