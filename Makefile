# Everything a contributor runs. Needs make, git and Python 3.11 or newer; the rest is installed into $(VENV).
SHELL := /bin/sh
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# arguments for pytest, such as: make test ARGS="tests/build -x"
ARGS ?=
# episodes of the benchmark's corpora, such as: make bench SIZES="500 2000 8000"
SIZES ?= 500 2000

# inputs for each reader, and the seed they are made from, such as: make fuzz COUNT=500 SEED=7 READERS="opml note"
COUNT ?= 10000
SEED ?= 1
READERS ?=
# the tests that count for the coverage of the readers
READER_TESTS := src/mlguide_site/importers src/mlguide_site/content src/mlguide_site/importers/fetch \
	tests/importers tests/merge tests/content \
	tests/properties/test_feeds.py tests/properties/test_import_notes.py \
	tests/properties/test_import_texts.py tests/properties/test_opml.py tests/properties/test_player.py \
	tests/properties/test_readers.py tests/properties/test_transcripts.py tests/threats/test_network.py \
	tests/threats/test_sources.py tests/threats/test_reading.py
# tests of how long something takes say nothing while every line is counted
NOT_TIMED := not takes_long and not read_soon
# modules that are mutated, all of benchmarks/mutants/table.py where none is named
MODULES ?=

.PHONY: site manual test test-all check serve bench fuzz coverage mutants limits lighthouse bench-search bench-serve valid accept clean shots audit theme lock

site: $(READY) ## build the bundled knowledge base into site/ (20 seconds)
	@echo "Building the bundled knowledge base into site/; this takes about 20 seconds"
	@$(BIN)/mlguide build
	@echo "Done: \"make serve\" shows it; a server may publish site/ as it is"

manual: $(READY) ## build the manual into build/manual/ (some seconds)
	@echo "Building the manual into build/manual/"
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet -f manual.yml

test: $(READY) ## run the tests, without the slow ones (about eight minutes on two processors)
	@$(BIN)/python tests/browser/chromium.py
	@echo "Running the tests, two at a time (browser tests included where Chromium is present); this takes about eight minutes"
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not full" $(ARGS)

test-all: $(READY) ## run the slow tests, which make test leaves out (about 13 minutes)
	@echo "Running the slow tests, two at a time; this takes about 13 minutes"
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m full $(ARGS)

check: $(READY) ## lint, types, architecture, content (20 seconds)
	@echo "Linting the code (ruff)"
	@$(BIN)/ruff check .
	@echo "Checking its format (ruff format)"
	@$(BIN)/ruff format --check .
	@echo "Checking its types (mypy --strict)"
	@$(BIN)/mypy --strict
	@echo "Checking its layers and module sizes"
	@$(BIN)/python -m pytest -q tests/test_architecture.py
	@echo "Checking the bundled episodes and knowledge"
	@$(BIN)/mlguide check --strict

serve: $(READY) ## preview that follows every edit
	@echo "Serving the bundled knowledge base; stop with Ctrl-C"
	@$(BIN)/mlguide serve

bench: $(READY) ## measure against bare mkdocs build (ten minutes or more)
	@echo "Measuring with seeded corpora of $(SIZES) episodes; this takes ten minutes or more"
	@$(BIN)/python -m benchmarks.bench --others --sizes $(SIZES)

fuzz: $(READY) ## random and broken inputs for every reader, under caps on time and memory (ten minutes or more)
	@echo "Fuzzing every reader with $(COUNT) inputs each, in ten minutes or more; what fails is saved in benchmarks/out/fuzz/"
	@nice $(BIN)/python -m benchmarks.fuzz.run --count $(COUNT) --seed $(SEED) $(READERS)
	@$(if $(READERS),,echo "Stopping every command, and filling the disk, at every one of its operations")
	@$(if $(READERS),,MLGUIDE_FAULTS=all nice $(BIN)/python -m pytest -q tests/faults)

coverage: $(READY) ## branches of the readers that their tests run; 95 % at least (some minutes)
	@echo "Running the tests of the readers, and counting the branches that they take; this takes some minutes"
	@nice $(BIN)/python -m pytest -q -m "not browser and not slow and not seeds" -k "$(NOT_TIMED)" \
		--cov=mlguide_site.importers --cov=mlguide_site.content --cov=mlguide_site.importers.fetch \
		--cov-branch --cov-fail-under=95 --cov-report=term-missing:skip-covered $(READER_TESTS)

mutants: $(READY) ## small changes to the sanitiser and the merge, each of which a test has to notice (some minutes)
	@echo "Changing modules in small ways, one at a time, and running their tests; this takes some minutes"
	@nice $(BIN)/python -m benchmarks.mutants.run $(MODULES)

limits: $(READY) ## time and memory of every reader at its limits (several minutes)
	@echo "Measuring every reader with hostile inputs as large as it takes; this takes several minutes"
	@nice $(BIN)/python -m benchmarks.fuzz.limits $(READERS)

lighthouse: $(READY) ## Lighthouse's scores of the main pages, at 60 and at 2,000 episodes (about ten minutes)
	@echo "Running Lighthouse (from npm), three times a page; this takes about ten minutes"
	@$(BIN)/python -m benchmarks.lighthouse

bench-search: $(READY) ## how long a reader on a slow line waits for the first result (some minutes)
	@echo "Searching 2,000 episodes on a slow line, with our search and with Material's own; this takes some minutes"
	@$(BIN)/python -m benchmarks.search_race

bench-serve: $(READY) ## how long an edit takes while the preview runs (some minutes)
	@echo "Editing a note while the preview runs, at 60 and at 2,000 episodes; this takes some minutes"
	@$(BIN)/python -m benchmarks.resident

valid: site ## the Nu checker's word on every kind of page (some minutes)
	@echo "Checking every kind of page with the Nu checker (from npm; needs Java); this takes some minutes"
	@$(BIN)/python -m benchmarks.validity

accept: $(READY) ## rewrite the expected results of golden tests; review the difference (some minutes; with ARGS only some tests)
	@echo "Rewriting the expected results of the golden tests; without ARGS, such as \"tests/importers -k player\", this takes some minutes"
	@$(BIN)/python -m pytest -q --accept -m "not browser and not slow" $(ARGS)
	@git --no-pager diff --stat -- tests

shots: $(READY) ## pictures of every kind of page into shots/ (some minutes)
	@$(BIN)/python tests/browser/chromium.py
	@echo "Building the site and taking pictures of every kind of page into shots/; this takes some minutes"
	@$(BIN)/python tests/browser/shots.py

audit: $(READY) ## known weaknesses of the pinned packages and bundled scripts, and licences (a minute)
	@echo "Asking PyPI for known weaknesses of what requirements.lock pins (pip-audit)"
	@$(PYTHON) -m venv $(VENV)/audit
	@$(VENV)/audit/bin/python -m pip install -qq --disable-pip-version-check pip-audit==2.10.1
	@$(VENV)/audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.lock
	@echo "Asking npm for known weaknesses of bundled scripts (npm audit)"
	@mkdir -p benchmarks/out/audit && cp tests/browser/vendor/package.json benchmarks/out/audit/
	@npm --prefix benchmarks/out/audit install --package-lock-only --ignore-scripts --no-audit --no-fund --silent
	@npm --prefix benchmarks/out/audit audit
	@echo "Checking the licences of all packages"
	@$(BIN)/python -m benchmarks.licences

theme: $(READY) ## trim the style sheet and script of the installed mkdocs-material (some seconds)
	$(BIN)/python -m trim_theme

lock: $(READY) ## pin the newest releases that pyproject.toml allows (some minutes)
	@echo "Resolving pyproject.toml into requirements.lock (names, versions and hashes; some minutes)"
	@$(BIN)/pip-compile --quiet --upgrade --extra dev --generate-hashes --allow-unsafe --strip-extras --no-header \
		--no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--output-file requirements.lock pyproject.toml

clean: ## remove what was made, but for the virtual environment
	@echo "Removing the site, generated pages, pictures and caches"
	@rm -rf site shots dist benchmarks/out .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find build -mindepth 2 ! -name .gitkeep -delete 2>/dev/null || true
	@find src tests benchmarks trim_theme -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up $(VENV) with the releases that requirements.lock pins (some minutes the first time)"
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "No virtual environment could be made; on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src
	@touch $(READY)
