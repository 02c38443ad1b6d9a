# Two commands for a newcomer: `make demo` runs the main job, `make test` checks everything. Both set up what they need.
PYTHON ?= $(shell command -v python3.12 >/dev/null 2>&1 && python3.12 -c '' 2>/dev/null && echo python3.12 || echo python3)
BIN := .venv/bin

.PHONY: setup demo test lint unit component dags acceptance bench down clean

setup: .venv/.complete

.venv/.complete: pyproject.toml uv.lock infra/setup.sh
	@bash infra/setup.sh $(PYTHON)
	@touch $@

demo: setup
	$(BIN)/hagiang demo

test: lint unit dags component acceptance

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/hagiang contracts lint

unit dags component acceptance: setup
	$(BIN)/pytest tests/$@

bench: setup
	$(BIN)/hagiang bench

down: setup
	$(BIN)/hagiang down

clean: down
	rm -rf .venv
