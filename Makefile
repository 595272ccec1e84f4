# `make demo` shows it at work and `make test` proves it, each from a fresh clone.
# Another interpreter than python3: make test PYTHON=python3.12

PYTHON ?= python3
VENV ?= .venv
PYTEST_ARGS ?=
SOAK_MINUTES ?= 20
FANOUT_ARGS ?=
# Three workers, on two cores, too: the tests wait for sockets and threads more than they compute. In the order of their
# names: what is slow comes first then, and the many small files of tests/unit fill what is left.
PYTEST = $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --max-worker-restart 0

ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

# The environment is made anew when another interpreter is named, and installed into again when the packaging changes.
MADE := $(VENV)/.made-by-$(subst /,_,$(subst :,_,$(PYTHON)))
PACKAGING := setup.cfg setup.py pyproject.toml

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check style coverage format faults soak selftest-faults fanout bench interop docs notebooks pictures wheel test-all clean

help:  ## show this list
	@awk -F ':.*##' '/^[a-z-]+:.*##/ {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.for-demo  ## a bot at work on the paper venue, within two minutes
	@$(BIN)/orderly-sync demo

test: $(VENV)/.for-test  ## run all tests
	@$(PYTEST) $(PYTEST_ARGS)

check: style coverage  ## style, types, the import rule, and all tests with coverage

style: $(VENV)/.for-check  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict

coverage: $(VENV)/.for-check  ## all tests with coverage, the import rule among them
	$(PYTEST) --cov --cov-report=term $(PYTEST_ARGS)

format: $(VENV)/.for-check  ## bring the code into its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

faults: $(VENV)/.for-test  ## every fault of tests/faults/README.md, 500 lost connections among them
	$(PYTEST) tests/faults $$($(BIN)/python -m tests.faults.table) $(PYTEST_ARGS)

selftest-faults: $(VENV)/.for-test  ## by hand: defects sown one by one into a copy, each of which the tests must notice
	$(BIN)/python -m tests.selftest

soak: $(VENV)/.for-test  ## by hand, SOAK_MINUTES=20: lost connections, kills, interrupts and fuzz by the ten thousand
	$(BIN)/python -m tests.soak.run --minutes $(SOAK_MINUTES)

fanout: $(VENV)/.for-test  ## by hand: one venue, two relays, many bots, and kills: what each bot was told against the venue's ledger
	$(BIN)/python -m tests.soak.fanout $(FANOUT_ARGS)

bench: $(VENV)/.for-test  ## the speed of this and other clients, side by side
	@$(BIN)/python bench/run.py
	@$(BIN)/python -m bench.relay

interop: $(VENV)/.for-demo  ## the official connector against the paper venue
	@$(BIN)/python interop/run.py

docs: $(VENV)/.for-docs  ## the book of docs/, into build/docs; every warning is an error
	@$(BIN)/python -m sphinx -b html -n -W --keep-going -q -j 2 docs build/docs
	@echo "build/docs/index.html"

notebooks: $(VENV)/.for-docs  ## run every notebook of examples/notebooks on the paper venue
	@$(BIN)/python -m pytest -q -n 2 -o log_level=WARNING --nbmake examples/notebooks

pictures: $(VENV)/.for-test  ## by hand: the pictures of docs/pictures anew, by the tests that show what is on them
	@PICTURES=1 $(BIN)/python -m pytest -q tests/browser

wheel: $(MADE)  ## by hand: the wheel alone on every Python, and each extra by itself
	@$(BIN)/python .ci/wheel.py

test-all:  ## run all tests on every Python from 3.10 to 3.13 that is installed
	@bash .ci/test-all

clean:  ## remove what these commands have made
	rm -rf .venv .venv-3.* .bench .interop .coverage .coverage.* htmlcov .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info

$(MADE):
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || \
	  { echo '"$(PYTHON)" is missing or too old: install Python 3.10 or newer, or name yours with PYTHON=/path/to/python3.' >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo 'The venv module of "$(PYTHON)" is missing: install it, on Debian and Ubuntu with: apt-get install python3-venv' >&2; exit 1; }
	@echo "Making $(VENV) and installing into it; this happens once."
	@"$(PYTHON)" -m venv --clear $(VENV)
	@touch $@

$(VENV)/.for-demo: EXTRAS = paper,cli,wallet
$(VENV)/.for-test: EXTRAS = paper,cli,wallet,browser,test
$(VENV)/.for-check: EXTRAS = paper,cli,wallet,browser,test,dev

$(VENV)/.for-docs: EXTRAS = paper,cli,wallet,notebook,test,docs

$(VENV)/.for-demo $(VENV)/.for-test $(VENV)/.for-check $(VENV)/.for-docs: $(MADE) $(PACKAGING)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[$(EXTRAS)]'
	@touch $@
