# Everything a reader, a test or a scheduled run needs, in commands of one word.
#
#   PYTHON=/path/to/python3.12   the interpreter for the environment (otherwise a fitting one is looked for)
#   VENV=folder                  where the environment is

PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
PYTEST_FLAGS ?= -n logical --maxprocesses 4
PYTEST_MORE ?=
LOCK_FLAGS ?=
BENCH_FLAGS ?=

.DEFAULT_GOAL := help
# The last line of `make -C elsewhere report` is the path of the report too.
MAKEFLAGS += --no-print-directory
.PHONY: help report test test-others test-outside test-all lab lint format bench lock clean environment pytest

help: ## show this list
	@echo "usage: make COMMAND"
	@sed -n 's/^\([a-z-]*\):[^#]*## /  \1	/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

report: environment ## run the briefing and every notebook behind it; the last line is the path of its HTML
	@$(BIN)/python -m analysis run --all

test: lint pytest ## check the style, then run the tests

test-others: environment ## run the tests with every other supported Python found here
	@MAKE="$(MAKE)" .ci/other-pythons.sh $(VENV)

# The other files of that folder need no more than the main environment: they are among the tests of `make test`.
test-outside: ## run the tests in JupyterLab, jupyter-scheduler and Airflow, in environments of their own
	@.ci/outside.sh .venv-outside .venv-airflow "$(PYTHON)"
	@.venv-outside/bin/python -m pytest $(PYTEST_FLAGS) --dist loadfile \
		tests/outside/test_jupyter*.py tests/outside/test_airflow.py

test-all: ## run the tests with every supported Python found here, and those in other people's programs
	@$(MAKE) test
	@$(MAKE) test-others
	@$(MAKE) test-outside

lab: environment ## open the notebooks in JupyterLab, which saves them without outputs
	@$(BIN)/python -m jupyterlab --LabApp.default_url=/lab/tree/notebooks \
		--ContentsManager.pre_save_hook=analysis.runs.lab.without_outputs

lint: environment ## check style and formatting, change nothing
	@$(BIN)/python -m ruff check
	@$(BIN)/python -m ruff format --check

format: environment ## format the code and mend what can be mended safely
	@$(BIN)/python -m ruff check --fix
	@$(BIN)/python -m ruff format

bench: ## time the package beside its peers (BENCH_FLAGS=--write puts the table into docs/benchmarks.md)
	@.ci/peers.sh .venv-peers "$(PYTHON)"
	@.venv-peers/bin/python -m benchmarks $(BENCH_FLAGS)

lock: ## remake requirements.lock from pyproject.toml (LOCK_FLAGS=--upgrade for newest versions)
	@.ci/lock.sh .venv-lock $(LOCK_FLAGS)

clean: ## remove environments and caches; reports stay
	@rm -rf .venv .venv-* .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find . -name .ipynb_checkpoints -type d -prune -exec rm -rf {} +

environment: # makes the environment when it is missing, broken off or out of date
	@.ci/environment.sh "$(VENV)" "$(PYTHON)"

pytest: environment # the tests alone
	@$(BIN)/python -m pytest $(PYTEST_FLAGS) $(PYTEST_MORE)
