# CleanDrop: the verbs. `make` alone lists them. Longer steps are scripts under packaging/.
SHELL := /bin/bash
PY := .venv/bin/python -P
export SOURCE_PORT OFFICER_PORT DEMO_DIR
.DEFAULT_GOAL := help

.PHONY: help setup setup-dev setup-tests demo demo-code smoke test soak fuzz coverage lint format bench docs messages locks clean

help: ## list these verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what the two apps need into .venv
	@packaging/setup.sh demo

setup-dev: ## the same, and the tools for test, lint and bench
	@packaging/setup.sh dev

setup-tests: setup-dev ## the same, and a browser, node and fonts for the tests
	@packaging/setup_tests.sh

demo: setup ## both apps and a stick on this machine; prints addresses and the sign-in; Ctrl-C ends it
	@$(PY) -m demo

demo-code: setup ## the six-digit code to type now
	@$(PY) -m demo.code

smoke: setup ## the whole journey over HTTP, a line per step (SMOKE_ARGS="--source … --officer … --stick …")
	@$(PY) -m demo.smoke $(SMOKE_ARGS)

test: setup-tests ## every test, a process for each core, with coverage (TEST_ARGS="tests/unit -k name")
	@.venv/bin/python -m pytest -q -n auto --dist loadfile --cov --cov-report= $(TEST_ARGS)
	@.venv/bin/coverage report --format=total | sed 's/^/branch coverage in all, percent: /'

soak: setup-tests ## the same loops long: kills (10 N), foreign bytes and requests, lives of reports (N=20, SOAK_SEED=1)
	@SOAK_ROUNDS=$(or $(N),20) HYPOTHESIS_EXAMPLES=$(shell expr $(or $(N),20) \* 100) \
		.venv/bin/python -m pytest -q tests/soak tests/fuzz tests/unit/cases tests/journeys/test_hostile_requests.py

fuzz: setup-dev ## foreign bytes into every parser, guided by coverage (SECONDS=60 each, TARGET=name, KEEP=1 saves inputs)
	@SECONDS_EACH=$(or $(SECONDS),60) TARGET="$(TARGET)" KEEP=$(KEEP) .venv/bin/python -m tests.fuzz.run

coverage: ## judge the last test run: 100 % for crypto, transfer, cases; 95 % elsewhere
	@packaging/coverage.sh

lint: setup-dev ## ruff, mypy, the direction of imports
	@packaging/lint.sh

format: setup-dev ## let ruff put the code into shape
	@.venv/bin/ruff check --fix-only --quiet . && .venv/bin/ruff format --quiet .

bench: setup-dev ## measure, and write build/bench.json
	@.venv/bin/python -m tests.bench.run $(BENCH_ARGS)

docs: setup-dev ## write docs/reference/ and docs/state-machines/ anew from the code
	@.venv/bin/python -m tests.house.reference

messages: setup-dev ## take new texts of the source pages into the catalogues, and compile these
	@$(PY) packaging/messages.py $(MESSAGES_ARGS)

locks: setup-dev ## make requirements/*.txt and the npm lock anew (UPGRADE=1 takes newer versions)
	@packaging/locks.sh

clean: ## remove what was made: .venv, build, caches, node_modules
	@packaging/clean.sh
