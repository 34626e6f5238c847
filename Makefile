# The usual errands. PYTHON makes the virtual environment; everything runs inside it.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup hooks format check layout lint types contracts site test coverage newest constraints wheel bench demo

setup: ## a virtual environment with all that tests and checks need
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -c constraints.txt -e ".[test,check]"

hooks: ## make format and make check before each commit
	$(BIN)/pip install -q -c constraints.txt -e ".[hooks]"
	$(BIN)/pre-commit install

format: ## layout and import order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: types site contracts lint layout ## all five; -j2 does two at a time

layout: ## as ruff lays it out
	$(BIN)/ruff format --check .

lint: ## rules of ruff
	$(BIN)/ruff check .

types: ## mypy, strict
	$(BIN)/mypy

contracts: ## which part may import which
	$(BIN)/lint-imports

site: ## the documentation in build/site; a dead link is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build -q --strict

test:
	$(BIN)/pytest -q -n auto

coverage: ## which lines and branches the tests reach; a report, not a gate. TESTS narrows them
	$(BIN)/pytest -q -n auto --cov --cov-report=term:skip-covered $(TESTS)

newest: ## all that decides a commit, with the newest releases of everything
	.ci/run --newest

constraints: ## constraints.txt: the newest releases of today; commit it once .ci/run is green with it
	rm -rf build/newest && $(PYTHON) -m venv build/newest
	build/newest/bin/pip install -q -e ".[check,cluster,hooks,parquet,postgres,test]"
	grep '^#' constraints.txt > build/constraints.txt
	build/newest/bin/pip freeze --exclude-editable >> build/constraints.txt
	mv build/constraints.txt constraints.txt

wheel: ## dist/*.whl, tried in an environment of its own: the sample articles, measured against their gold
	rm -rf dist build/wheel && $(PYTHON) -m venv build/wheel
	build/wheel/bin/pip wheel -q --no-deps --wheel-dir dist .
	build/wheel/bin/python -m tests.helpers.wheel_weight dist/*.whl
	build/wheel/bin/pip install -q -c constraints.txt dist/*.whl
	build/wheel/bin/annotator --version
	build/wheel/bin/annotator init build/wheel/desk
	build/wheel/bin/annotator --workspace build/wheel/desk add seeds
	build/wheel/bin/annotator --workspace build/wheel/desk export --pending --verify --output build/wheel/all.jsonl
	build/wheel/bin/annotator --workspace build/wheel/desk evaluate --gold seeds/gold

bench: ## speed and quality; see tests/benchmarks/README.md
	$(BIN)/python -m tests.benchmarks

demo: ## the pictures and recorded sessions in docs/, made from the real app
	$(BIN)/python docs/make_pictures.py
	$(BIN)/python docs/make_sessions.py
