# Marquee on one laptop. `make` alone lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:
.PHONY: help setup run test check style unit prove bench audit demo looks crowd messages package doctor status reset clean dev chromium wheels

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
TEMPLATES_AND_STATIC := $(shell find static tools -type f -not -path 'static/built/*' -not -name '*.pyc' 2>/dev/null)
CATALOGUES := $(shell find locale -name '*.po' 2>/dev/null)

# The first Python that starts and is new enough; version managers leave names that do not start.
FIND_PYTHON = for p in python3.13 python3.12 python3.11 python3 python; do \
	if $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info)' 2>/dev/null; \
	then echo $$p; exit; fi; done; \
	echo "Python 3.11 or newer is needed. Install it from https://www.python.org/downloads/." >&2; exit 1

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "Variables of make run: PORT=8001  LAN=1  SAMPLE=0  AT=2019-11-11T12:00+01:00"

setup: $(VENV)/run.stamp static/built/manifest.json $(VENV)/locale.stamp ## Install what make run needs, build assets and languages
	@:

run: setup ## Open Marquee on this laptop
	@exec $(BIN)/python -m local.run

# What a hundred short processes import is compiled once, whatever the shell says.
test: export PYTHONDONTWRITEBYTECODE =
test: check chromium wheels ## Everything: make check, then the whole suite with a browser
	@$(BIN)/python -m pytest --ignore=tests/unit --numprocesses=2 --dist=loadgroup --no-loadscope-reorder

check: dev ## Style, types, imports, unit tests: about a minute
	@$(MAKE) --jobs=2 --output-sync style unit

style: # mypy takes one core for as long as the unit tests take the other
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@node_modules/.bin/tsc --noEmit
	@node --test --test-reporter=dot tests/js/

unit:
	@$(BIN)/python -m pytest tests/unit --cov --cov-report=term --numprocesses=2

bench: dev wheels chromium ## What the hot paths cost, each figure beside its bar: NAME=redeem chooses
	@exec $(BIN)/python -m bench $(NAME)

prove: dev ## The races, crashes, faults and models for longer: MINUTES=10 SEED=7
	@$(BIN)/python -m pytest tests/rigs --prove=$(or $(MINUTES),10) $(if $(SEED),--seed=$(SEED))

audit: setup ## Add up the ledger of a running Marquee, a line for each rule
	@$(BIN)/python manage.py --local audit

demo: dev chromium ## The whole journey in a real browser; pictures go to .local/demo
	@exec $(BIN)/python -m local.demo

looks: dev chromium ## A picture of each page of a visitor: LANGS="de nl" WIDTHS="320 1280"
	@exec $(BIN)/python -m local.looks

crowd: setup ## Keep a running Marquee moving: RATE=5 visitors a second
	@exec $(BIN)/python -m local.crowd

messages: setup ## Gather the texts into locale/, for the translators
	@$(BIN)/python tools/messages.py

package: dev wheels ## Build and prove what is deployed to AWS: .local/package
	@$(BIN)/python -m tools.package

doctor: ## Check this machine, one line for each need, with the cure
	@p=$$($(FIND_PYTHON)); exec $$p -m local.doctor

status: ## Is it running, since when, what do the tables hold
	@if [ -x $(BIN)/python ]; then exec $(BIN)/python -m local.status; else echo "Nothing is set up yet. Try make run."; fi

reset: ## Forget the data, keep the tools
	@p=$$($(FIND_PYTHON)); exec $$p -m local.reset

clean: ## Forget everything that make made, the data too
	@p=$$($(FIND_PYTHON)); $$p -m local.reset check
	@rm -rf .local static/built $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find locale -name '*.mo' -delete 2>/dev/null || true
	@echo "Clean. make run sets everything up again."

# --- What the targets stand on ------------------------------------------------------------------
$(VENV)/made.stamp:
	@p=$$($(FIND_PYTHON)); echo "setup: Python environment in $(VENV)"; $$p -m venv $(VENV) || \
		{ echo "Python has no venv module here. On Debian: apt-get install python3-venv." >&2; exit 1; }
	@touch $@

$(VENV)/run.stamp: requirements.txt requirements-run.txt | $(VENV)/made.stamp
	@echo "setup: Python packages of make run"
	@$(PIP) -r requirements-run.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "setup: Python packages of the tests"
	@$(PIP) -r requirements-dev.txt
	@touch $@

node_modules/.stamp: package.json package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing. Install Node.js 20 or newer from https://nodejs.org." >&2; exit 1; }
	@echo "setup: assets from npm"
	@npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

static/built/manifest.json: $(VENV)/run.stamp node_modules/.stamp $(TEMPLATES_AND_STATIC)
	@$(BIN)/python -m tools.assets
	@touch $@

$(VENV)/locale.stamp: $(VENV)/run.stamp $(CATALOGUES)
	@$(BIN)/pybabel -q compile --directory=locale
	@touch $@

dev: setup $(VENV)/dev.stamp

wheels: dev
	@$(BIN)/python -m tools.package.wheels

chromium:
	@$(BIN)/python -m local.chromium
