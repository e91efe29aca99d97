# Each target does its own set-up. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := UV_NO_CONFIG=1 VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv
STAMPS := $(VENV)/stamps
SOURCES := libs services migrations tests
DB ?= embedded
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test check bench soak format schema lock clean

help:  ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

demo: $(STAMPS)/demo  ## the whole product on this machine: database, services, people (ARGS="--help")
	@exec $(BIN)/tsunagari demo $(ARGS)

test: $(STAMPS)/dev $(STAMPS)/chart $(STAMPS)/node  ## the whole suite (DB=containers, ARGS="-k referral")
	@TSUNAGARI_TEST_DB=$(DB) $(BIN)/pytest $(ARGS)

check: $(STAMPS)/dev  ## format, lint, types, import contracts, committed schema and documents
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/basedpyright
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tests.documents

bench: $(STAMPS)/dev $(STAMPS)/peers  ## speed against peers and the database's own limit (ARGS="--help")
	@$(BIN)/python -m tests.bench $(ARGS)

soak: $(STAMPS)/dev $(STAMPS)/node  ## the long proofs in full
	@TSUNAGARI_SOAK=1 $(BIN)/pytest -m soak $(ARGS)

format: $(STAMPS)/dev  ## put the code into its one format
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

schema: $(STAMPS)/dev  ## write the generated documents anew: GraphQL schemas, access table
	$(BIN)/python -m tests.documents --write

lock: $(STAMPS)/uv  ## resolve requirements/*.in into hashed lock files
	@for name in uv run demo dev chart; do \
	  $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links requirements/$$name.in -o requirements/$$name.txt || exit 1; done

clean:  ## remove the set-up and the demo's data
	rm -rf $(VENV) .tsunagari tests/node/node_modules tests/bench/peers/node_modules

$(STAMPS)/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Tsunagari needs Python 3.11 or later: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "python3 cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv)"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/demo: $(STAMPS)/uv requirements/demo.txt pyproject.toml
	@$(UV) pip install --quiet --require-hashes -r requirements/demo.txt
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/demo requirements/dev.txt
	@$(UV) pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMPS)/chart: $(STAMPS)/dev requirements/chart.txt
	@$(UV) pip install --quiet --require-hashes -r requirements/chart.txt
	@touch $@

$(STAMPS)/node: tests/node/package-lock.json
	@if command -v npm >/dev/null; then cd tests/node && npm ci --silent --no-audit --no-fund; \
	  else echo "Node.js is missing: the OpenID provider, GraphQL over HTTP and accessibility audits will be reported as NOT RUN" >&2; fi
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/peers: tests/bench/peers/package-lock.json
	@if command -v npm >/dev/null; then cd tests/bench/peers && npm ci --silent --no-audit --no-fund; \
	  else echo "Node.js and npm are missing: the figures against PostGraphile will be left out" >&2; fi
	@mkdir -p $(STAMPS) && touch $@
