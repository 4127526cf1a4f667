# Needs Python 3.11 or newer, make and a C library; everything else goes into $(VENV).

VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := $(VENV)/bin
# Of the tests; one more than a small machine has cores, because browsers and kills are waited for.
WORKERS ?= 3
# Held to strict types; the list only grows.
TYPED := $(addprefix src/mingqu/,config kernel clocks decisions process workbench)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
# Images of Python often set it; then every process of a site would compile a thousand modules anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-long bench lint messages

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(VENV)/installed  ## a complete demo district on this machine, until Ctrl-C (ARGS="--port 9000")
	@exec $(BIN)/mingqu demo $(ARGS)

test: $(VENV)/installed-dev  ## all tests but the long ones (ARGS="src/mingqu/clocks -x")
	@exec $(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ARGS)

test-long: $(VENV)/installed-dev  ## full property counts, random kills, whole conformance kits
	@MINGQU_HYPOTHESIS=full exec $(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "long or not long" --timeout 7200 $(ARGS)

bench: $(VENV)/installed-dev  ## measure; writes docs/benchmarks.md (ONLY=commands for one group)
	@exec $(BIN)/mingqu bench $(ONLY)

messages: $(VENV)/installed-dev  ## collect what English pages say, and compile it (ARGS="portal" for one room)
	@exec $(BIN)/python tools/messages.py $(ARGS)

lint: $(VENV)/installed-dev  ## style, types, and the order of the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(TYPED) $(filter-out $(addsuffix /%,$(TYPED)),$(wildcard src/mingqu/*/rules src/mingqu/*/rules.py src/mingqu/*/*/rules.py))
	$(BIN)/lint-imports

# Installed anew only when a lock file or pyproject.toml is newer than the last installation.
$(VENV)/installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what $< lists into $(VENV) (once; some minutes on a slow line)"
	@$(BIN)/python -m pip install --quiet -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	@echo "Installing what $< lists into $(VENV)"
	@$(BIN)/python -m pip install --quiet -r requirements-dev.lock
	@touch $@

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Mingqu needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) can't make environments: on Debian and Ubuntu install python3-venv."; exit 1; }
