# Everything one does here, by name. `make` alone lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo serve test check lint types imports proto proto-check tidy format bench \
	image clean

PYTHON := .venv/bin/python

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## make .venv from the lock; takes no time once it stands
	@deploy/setup.sh

demo: setup ## load the sample group, run three months, show March
	@.venv/bin/tanheng demo

serve: setup ## keep the service running, on a PostgreSQL of its own
	@$(PYTHON) -m services serve

test: setup ## run all tests, in a PostgreSQL container where a Docker engine answers
	@$(PYTHON) -m pytest $(TESTS)

check: setup lint types imports proto-check tidy ## everything that must hold besides the tests

lint: setup ## style and formatting
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .

types: setup ## mypy, strict
	@$(PYTHON) -m mypy

imports: setup ## who may know whom
	@.venv/bin/lint-imports

proto: setup ## generate gen/ from proto/
	@$(PYTHON) proto/generate.py

proto-check: setup ## the contract: linted, compatible, and gen/ fresh
	@$(PYTHON) proto/generate.py --check

tidy: setup ## the tests of the house's own rules
	@$(PYTHON) -m pytest -q tests/architecture

format: setup ## put code into its form
	@$(PYTHON) -m ruff check --fix --quiet . || true
	@$(PYTHON) -m ruff format .

bench: setup ## print the ratios of docs/performance.md
	@$(PYTHON) -m benchmarks

image: ## make a PostgreSQL image for the tests, where no registry is
	@deploy/test-image/start-engine.sh
	@deploy/test-image/make-postgres-image.sh

clean: ## remove what make made
	@rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
