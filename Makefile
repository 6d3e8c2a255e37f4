# make run · make test · make test-long · make check · make mutate · make bench · make screenshot
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test test-long check mutate bench screenshot clean

run: $(VENV)/.ready
	$(BIN)/yuan serve --demo

test: $(VENV)/.ready-test chromium check
	$(BIN)/pytest -n 2 -m "not long"

test-long: $(VENV)/.ready-test chromium check
	$(BIN)/pytest -n 2
	$(MAKE) mutate

check: $(VENV)/.ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/yuan check

mutate: $(VENV)/.ready-test
	$(BIN)/python -m tests.mutate

bench: $(VENV)/.ready-test chromium
	$(BIN)/pip install -q -e '.[bench]'
	$(BIN)/python -m tests.benchmarks.bench
	$(BIN)/python -m tests.benchmarks.arrays
	$(BIN)/python -m tests.benchmarks.incidents
	$(BIN)/python -m tests.benchmarks.consoles
	$(BIN)/python -m tests.benchmarks.backtests

screenshot: $(VENV)/.ready-test chromium
	$(BIN)/python -m tests.browser.screenshot
	$(BIN)/python -m tests.browser.shots

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -e .
	touch $@

$(VENV)/.ready-test: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -e '.[test]'
	touch $@ $(VENV)/.ready

# The browser tests use a chromium found on the machine; as root on Debian it is installed if there is none.
.PHONY: chromium
chromium:
	@if (command -v chromium || command -v chromium-browser || command -v google-chrome) >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; \
	else echo "no chromium found: the browser tests will be skipped (install the package chromium)"; fi

clean:
	rm -rf $(VENV) build dist *.egg-info
