#!/usr/bin/env bash
# Removes what setup, the demo and the tests made inside this tree; nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf .venv build tests/peers/node_modules ./*.egg-info
rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
find . -name __pycache__ -type d -prune -exec rm -rf {} +
