# Two commands for a newcomer: `make demo` runs the main job, `make test` checks everything. Both set up what they need.
PYTHON ?= $(shell command -v python3.12 >/dev/null 2>&1 && python3.12 -c '' 2>/dev/null && echo python3.12 || echo python3)
BIN := .venv/bin
SHELL := /bin/bash

# `make test` runs these side by side (infra/decisions/0113). Each component lane has a stack of its own: in the lanes of
# outages and of the gateway tests kill and freeze servers. Every folder of tests/component is in one of the three.
OUTAGES := $(addprefix tests/component/,local landing)
GATEWAY := tests/component/gateway
OTHERS := $(filter-out $(OUTAGES) $(GATEWAY) %/__pycache__,$(patsubst %/,%,$(wildcard tests/component/*/)))
LANES := lint acceptance component-others component-gateway component-outages chaos-ci unit dags
AT_ONCE ?= 3

.PHONY: setup demo test $(LANES) component chaos chaos-ci fuzz bench down clean

setup: .venv/.complete

.venv/.complete: pyproject.toml uv.lock infra/setup.sh
	@bash infra/setup.sh $(PYTHON)
	@touch $@

demo: setup
	$(BIN)/hagiang demo

# Every lane runs, also after one has failed; the last lines repeat what failed.
SIDE_BY_SIDE := --jobs=$(AT_ONCE) --keep-going --output-sync=target --no-print-directory
SAID := .venv/test.log
test: setup
	@set -o pipefail; $(MAKE) $(SIDE_BY_SIDE) $(LANES) 2>&1 | tee $(SAID) || \
	    { printf '\nWhat failed:\n'; grep -E '^(FAILED|ERROR|make\[)' $(SAID); exit 1; }

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/hagiang contracts lint

unit dags component: setup
	$(BIN)/pytest tests/$@

# Stacks that start at the same moment must not choose the same ports.
acceptance component-outages component-gateway component-others chaos chaos-ci: export HAGIANG_FREE_PORTS = $(PORTS)
acceptance: PORTS := 20000-23999
component-outages: PORTS := 24000-27999
component-others: PORTS := 28000-29999
component-gateway: PORTS := 30000-31999
chaos chaos-ci: PORTS := 32000-33999

acceptance: setup
	$(BIN)/pytest tests/$@

component-outages: setup
	$(BIN)/pytest $(OUTAGES)

component-gateway: setup
	$(BIN)/pytest $(GATEWAY)

component-others: setup
	$(BIN)/pytest $(OTHERS)

chaos-ci: setup
	$(BIN)/pytest tests/chaos

# Seeded faults at length (tests/chaos/README.md): a line of JSON a run and their sum; fails when anything is wrong.
SEEDS ?= 5
RECORDS ?= 1500
chaos: setup
	$(BIN)/python -m tests.chaos --seeds $(SEEDS) --records $(RECORDS)

# Mutated documents for every reader of foreign input; so many for each.
FUZZ ?= 100000
fuzz: setup
	GATEWAY_FUZZ=$(FUZZ) MARKETPLACES_FUZZ=$(FUZZ) HAGIANG_FUZZ=$(FUZZ) $(BIN)/pytest tests/unit/*/test_fuzz.py
	for adapter in edxml dossier-sync programme; do $(BIN)/python -m tests.fuzz $$adapter $(FUZZ) || exit 1; done

bench: setup
	$(BIN)/hagiang bench

down: setup
	$(BIN)/hagiang down

clean: down
	rm -rf .venv
