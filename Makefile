# make demo   set up, then one harvest from end to end against a mock portal on this machine
# make test   set up, then lint, types, layers and all tests (long trials sampled)
# make test-all   the long trials whole: mutants, kills, portal ticks, page images
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps
# The tests start hundreds of processes: a module is compiled once, not in each of them.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-all lint bench lock format modules rules data clean

demo: $(READY)
	@$(BIN)/python -m tests.portal.demo

test: lint
	@$(BIN)/pytest -n auto --dist loadgroup

test-all: lint
	@$(BIN)/pytest -n auto --dist loadgroup --full -m full

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(READY)
	@$(BIN)/python -m benchmarks.text_stage
	@$(BIN)/python -m benchmarks.archive
	@$(BIN)/python -m benchmarks.comparison
	@$(BIN)/python -m benchmarks.site

format: $(READY)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# One environment for everything, from the lock file, every archive checked by its hash; pip first,
# because an old one is slow. Nothing is compiled that nobody imports.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 …" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) …"
	@awk '/^[^ ]/ { ours = /^pip==/ } ours' requirements.lock | $(INSTALL) --require-hashes -r /dev/stdin
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-build-isolation -e .
	@touch $@

# Write docs/modules.md anew.
modules: $(READY)
	@$(BIN)/python -m tests.modules

# Write docs/rules.md anew.
rules: $(READY)
	@$(BIN)/python -m diffing.checks.catalogue

# Write docs/data.md anew.
data: $(READY)
	@$(BIN)/python -m diffing.export.catalogue

# Renew the lock file (needs uv).
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --group dev --extra notify --extra ocr --extra query --extra site pyproject.toml \
	  --no-emit-index-url --no-emit-find-links --upgrade -o requirements.lock

clean:
	rm -rf $(VENV) demo build dist *.egg-info
