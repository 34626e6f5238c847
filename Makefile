# The usual errands. PYTHON makes the virtual environment; everything runs inside it.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup format check test bench demo

setup: ## a virtual environment with all that tests and checks need
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -e ".[test,check]"

format: ## layout and import order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: ## layout, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test:
	$(BIN)/pytest -q -n auto

bench: ## speed and quality; see tests/benchmarks/README.md
	$(BIN)/python -m tests.benchmarks

demo: ## the pictures in docs/, made from the real app
	$(BIN)/python docs/make_pictures.py
