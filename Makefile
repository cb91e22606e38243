# On a fresh machine `make demo` and `make test` are the only two commands.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed

.PHONY: demo test check benchmark

demo: $(STAMP)  ## the whole product on this machine, with a Slack-like workspace in the browser
	$(BIN)/flywheel demo

test: $(STAMP)  ## the tests
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(STAMP)  ## lint, types, import rules, shape
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy bot flywheel tests
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_shape.py

benchmark: $(STAMP)  ## ratios, measured in one run: make benchmark DATA=folder-with-corpus-queries-and-qrels
	@test -n "$(DATA)" || (echo "say which data set: make benchmark DATA=FOLDER" && exit 1)
	$(BIN)/python -m tests.benchmarks.encoder --data $(DATA)
	$(BIN)/python -m tests.benchmarks.retrieval --data $(DATA)
	$(BIN)/python -m tests.benchmarks.speed --data $(DATA)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet -c constraints.txt torch
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	touch $(STAMP)
