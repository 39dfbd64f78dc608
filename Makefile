# Commands for contributors. They need make, git and Python 3.11 or newer; everything else is installed into $(VENV).
SHELL := /bin/sh
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# keep compiled code, because pytest needs 20 seconds to compile the tests
export PYTHONDONTWRITEBYTECODE :=
# arguments for pytest, such as: make test ARGS="tests/build -x"
ARGS ?=
# a test that hangs, for example in a browser, ends the test process after this time (seconds)
NO_HANG := -o faulthandler_timeout=600 -o faulthandler_exit_on_timeout=true
# processes for tests; on two processors, a third one has work to do while browser tests wait for pages
WORKERS ?= 3
# numbers of episodes in the benchmark's test sites, such as: make bench SIZES="500 2000 8000"
SIZES ?= 500 2000

# the number of inputs for each parser, and the seed of the random generator, such as: make fuzz COUNT=500 SEED=7 READERS="opml note"
COUNT ?= 10000
SEED ?= 1
READERS ?=
# the tests that measure the coverage of the parsers
READER_TESTS := src/mlguide_site/importers src/mlguide_site/content src/mlguide_site/merge/fetch.py \
	tests/importers tests/merge tests/content \
	tests/properties/test_feeds.py tests/properties/test_import_notes.py \
	tests/properties/test_import_texts.py tests/properties/test_opml.py tests/properties/test_player.py \
	tests/properties/test_readers.py tests/properties/test_transcripts.py tests/threats/test_network.py \
	tests/threats/test_sources.py tests/threats/test_reading.py
# tests that measure time are left out, because coverage measurement slows down the code
NOT_TIMED := not takes_long and not read_soon
# the number of shows in the benchmark of hubs
SHOWS ?= 200
# modules to mutate; by default, all modules in benchmarks/mutants/table.py
MODULES ?=

.PHONY: site manual test test-all check serve bench fuzz coverage mutants limits lighthouse bench-search bench-serve bench-hub valid accept clean shots audit theme font lock

site: $(READY) ## build the bundled knowledge base into site/ (20 seconds)
	@echo "Building the bundled knowledge base into site/; this takes about 20 seconds"
	@$(BIN)/mlguide build
	@echo "Done: \"make serve\" previews the site; the folder site/ is ready to publish"

manual: $(READY) ## build the manual into build/manual/ (a few seconds)
	@echo "Building the manual into build/manual/"
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet -f manual.yml

test: $(READY) ## run the tests except the slow ones (about six minutes on two processors)
	@$(BIN)/python tests/browser/chromium.py
	@echo "Running the tests in $(WORKERS) processes, with browser tests if Chromium is installed; this takes about six minutes"
	@$(BIN)/python -m pytest -n $(WORKERS) $(NO_HANG) -m "not full" $(ARGS)

test-all: $(READY) ## run the slow tests, which "make test" leaves out (about 11 minutes)
	@echo "Running the slow tests in $(WORKERS) processes; this takes about 11 minutes"
	@$(BIN)/python -m pytest -n $(WORKERS) $(NO_HANG) -m full $(ARGS)

check: $(READY) ## check style, types, architecture and content (20 seconds)
	@echo "Linting the code (ruff)"
	@$(BIN)/ruff check .
	@echo "Checking the format of the code (ruff format)"
	@$(BIN)/ruff format --check .
	@echo "Checking types (mypy --strict)"
	@$(BIN)/mypy --strict
	@echo "Checking the layers and sizes of modules"
	@$(BIN)/python -m pytest -q tests/test_architecture.py
	@echo "Checking the bundled episodes and knowledge"
	@$(BIN)/mlguide check --strict

serve: $(READY) ## preview the bundled knowledge base, and update the preview after every edit
	@echo "Serving the bundled knowledge base; stop with Ctrl-C"
	@$(BIN)/mlguide serve

bench: $(READY) ## measure the build times of mlguide, plain MkDocs and other site generators (ten minutes or more)
	@echo "Measuring builds of generated sites with $(SIZES) episodes; this takes ten minutes or more"
	@$(BIN)/python -m benchmarks.bench --others --sizes $(SIZES)

fuzz: $(READY) ## test every parser with random and damaged input, with limits on time and memory (ten minutes or more)
	@echo "Fuzzing every parser with $(COUNT) inputs; failing inputs are saved in benchmarks/out/fuzz/. This takes ten minutes or more"
	@nice $(BIN)/python -m benchmarks.fuzz.run --count $(COUNT) --seed $(SEED) $(READERS)
	@$(if $(READERS),,echo "Interrupting every command, and simulating a full disk, at each disk operation")
	@$(if $(READERS),,MLGUIDE_FAULTS=all nice $(BIN)/python -m pytest -q tests/faults tests/hub/test_hub_clusters.py)

coverage: $(READY) ## check that tests cover at least 95 % of the parsers' branches (a few minutes)
	@echo "Measuring which branches of the parsers are tested; this takes a few minutes"
	@nice $(BIN)/python -m pytest -q -m "not browser and not slow and not seeds" -k "$(NOT_TIMED)" \
		--cov=mlguide_site.importers --cov=mlguide_site.content --cov=mlguide_site.merge.fetch \
		--cov-branch --cov-fail-under=95 --cov-report=term-missing:skip-covered $(READER_TESTS)

mutants: $(READY) ## run mutation tests: change the sanitiser and the merge, and check that a test fails each time (a few minutes)
	@echo "Running mutation tests: changing modules, and running the tests after each change; this takes a few minutes"
	@nice $(BIN)/python -m benchmarks.mutants.run $(MODULES)

limits: $(READY) ## measure the time and memory that every parser needs at its limits (a few minutes)
	@echo "Measuring every parser with the largest hostile input that the parser accepts; this takes a few minutes"
	@nice $(BIN)/python -m benchmarks.fuzz.limits $(READERS)

lighthouse: $(READY) ## measure Lighthouse scores of each kind of page, with 60 and 2,000 episodes (half an hour)
	@echo "Running Lighthouse (from npm) three times on a page of each kind; this takes half an hour"
	@$(BIN)/python -m benchmarks.lighthouse

bench-search: $(READY) ## measure the time to the first search result on a slow connection (a few minutes)
	@echo "Searching 2,000 episodes on a slow connection, with the search of mlguide and with the search of Material; this takes a few minutes"
	@$(BIN)/python -m benchmarks.search_race

bench-serve: $(READY) ## measure how soon the preview shows an edit (a few minutes)
	@echo "Editing a note while the preview runs, with 60 and 2,000 episodes; this takes a few minutes"
	@$(BIN)/python -m benchmarks.resident

bench-hub: $(READY) ## measure builds of a hub with 200 shows of 100 episodes: workers, memory, small changes (40 minutes)
	@echo "Building a hub of $(SHOWS) shows with one process, with one worker and with two; this takes 40 minutes for 200 shows"
	@$(BIN)/python -m benchmarks.hub --shows $(SHOWS)

valid: site ## validate every kind of page with the Nu HTML Checker, and the books with EPUBCheck (a few minutes)
	@echo "Validating pages with the Nu HTML Checker, and books with EPUBCheck (from npm; needs Java); this takes a few minutes"
	@$(BIN)/python -m benchmarks.validity

accept: $(READY) ## rewrite the expected results of golden tests; ARGS selects tests; review the diff (a few minutes)
	@echo "Rewriting the expected results of the golden tests; this takes a few minutes, or less with ARGS such as \"tests/importers -k player\""
	@$(BIN)/python -m pytest -q --accept -m "not browser and not slow" $(ARGS)
	@git --no-pager diff --stat

shots: $(READY) ## save screenshots of every kind of page in shots/ (a few minutes)
	@$(BIN)/python tests/browser/chromium.py
	@echo "Building the site, and saving screenshots of every kind of page in shots/; this takes a few minutes"
	@$(BIN)/python tests/browser/shots.py

audit: $(READY) ## check pinned packages and bundled scripts for known vulnerabilities, and check licences (a minute)
	@echo "Checking the packages in requirements.lock for known vulnerabilities (pip-audit)"
	@$(PYTHON) -m venv $(VENV)/audit
	@$(VENV)/audit/bin/python -m pip install -qq --disable-pip-version-check pip-audit==2.10.1
	@$(VENV)/audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.lock
	@echo "Checking bundled scripts for known vulnerabilities (npm audit)"
	@mkdir -p benchmarks/out/audit && cp tests/browser/vendor/package.json benchmarks/out/audit/
	@npm --prefix benchmarks/out/audit install --package-lock-only --ignore-scripts --no-audit --no-fund --silent
	@npm --prefix benchmarks/out/audit audit
	@echo "Checking the licences of all packages"
	@$(BIN)/python -m benchmarks.licences

theme: $(READY) ## remove unused parts of the style sheet and the script of mkdocs-material (a few seconds)
	$(BIN)/python -m trim_theme

font: $(READY) ## write the font of formulas into templates/assets/ (half a minute)
	@$(PYTHON) -m venv $(VENV)/font
	@$(VENV)/font/bin/python -m pip install -qq --disable-pip-version-check fonttools==4.68.0 brotli==1.2.1
	@$(VENV)/font/bin/python -m trim_theme.font

lock: $(READY) ## update both lock files to the newest releases that pyproject.toml allows (a few minutes)
	@echo "Writing the names, versions and hashes of all dependencies into requirements.lock; this takes a few minutes"
	@$(BIN)/pip-compile --quiet --upgrade --extra dev --generate-hashes --allow-unsafe --no-strip-extras --no-header \
		--no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--output-file requirements.lock pyproject.toml
	@$(BIN)/pip-compile --quiet --build-deps-for wheel --constraint requirements.lock --generate-hashes --allow-unsafe \
		--no-strip-extras --no-header --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--output-file action/requirements.lock pyproject.toml

clean: ## delete all generated files except the virtual environment
	@echo "Deleting the site, generated pages, screenshots and caches"
	@rm -rf site shots dist benchmarks/out .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find build -mindepth 2 ! -name .gitkeep -delete 2>/dev/null || true
	@find src tests benchmarks trim_theme -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; choose it with: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up $(VENV) with the releases pinned in requirements.lock (a few minutes the first time)"
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "No virtual environment could be created; on Debian or Ubuntu, run: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src
	@touch $(READY)
