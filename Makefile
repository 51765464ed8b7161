# make run     set up .venv, repair a real page on the command line and over HTTP, and stop
# make serve   set up .venv and keep the service up on http://127.0.0.1:8000
# make test    everything that is checked before a change is taken, at the versions in requirements.lock (docs/tests.md)
# make test-long     the same with all random input, all kills and branch coverage: every night, and before a release
# make test-newest   the same at the newest versions that pyproject.toml allows, in .venv-newest
# make test-cluster  repair 40 MB in Spark and in Ray and compare, with LONG=--long 200 MB; needs Java 17 or later
# make screenshots   take the pictures of the page in README.md anew
# make docs    write the output shown in README.md and docs/ anew
# make accuracy  what becomes of each kind of damage, in one table: two minutes, offline
# make load    measure a server on this machine, beside an echo and a bare service (bench/README.md)
# make bench   measure jiaokan repair over files on this machine; hours, and 20 GB of disk (bench/README.md)
# make image-rehearsal  carry out the Dockerfile without a container engine; needs root on Debian
# make lock    lock the newest versions allowed: requirements.lock, and image/*.lock from it
# make model   build the language model and what rests on it anew; needs Debian 12 and changes nothing
# make clean   remove what the others made

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
NEWEST_VENV := .venv-newest
# What is installed: the versions in requirements.lock, or with NEWEST=yes the newest that pyproject.toml allows.
ifdef NEWEST
INSTALL = $(BIN)/uv pip install --quiet --upgrade --python $(BIN)/python hatchling
else
CONSTRAINTS := --constraint requirements.lock
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python $(CONSTRAINTS) hatchling
endif
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make lock'
IMAGE ?= image
UPGRADE ?= --upgrade
TOGETHER := --numprocesses logical --maxprocesses 8 --dist worksteal
PAGE := fixtures/seeds/003_6ba9500f3d06fe2b.source.txt

.PHONY: run serve test test-long test-newest test-cluster lint types tests wheel docs screenshots load bench
.PHONY: accuracy image-rehearsal lock model clean
.DELETE_ON_ERROR:

run: $(VENV)/installed
	$(BIN)/python docs/tour.py $(PAGE)

serve: $(VENV)/installed
	$(BIN)/jiaokan serve

test: lint types tests wheel

test-newest:
	rm -f $(NEWEST_VENV)/installed*
	$(MAKE) VENV=$(NEWEST_VENV) NEWEST=yes types tests wheel

lint: $(VENV)/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/hadolint Dockerfile
	$(BIN)/yamllint --strict -d '{extends: default, rules: {document-start: disable, line-length: {max: 120}}}' compose.yaml
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml

types: $(VENV)/installed-dev
	$(BIN)/mypy

# Many at once, then one by one those that nothing else may run beside.
tests: $(VENV)/installed-dev
	$(BIN)/python -m pytest $(TOGETHER) -m 'not alone'
	$(BIN)/python -m pytest tests -m alone

# Which lines run is watched here alone: that takes as long again as the tests.
test-long: lint types wheel
	$(BIN)/python -m pytest $(TOGETHER) -m 'not alone' --long --cov --cov-report= --cov-fail-under=0
	$(BIN)/python -m pytest tests -m alone --long --cov --cov-append --cov-report=term

# The wheel as a user gets it, but for the versions: alone in an environment of its own, with the network out of reach.
wheel: $(VENV)/installed-dev
	rm -rf build/wheel
	$(BIN)/uv build --quiet --wheel --no-build-isolation --python $(BIN)/python --out-dir build/wheel
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python build/venv
	$(BIN)/uv pip install --quiet --python build/venv/bin/python $(CONSTRAINTS) build/wheel/*.whl
	http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9 build/venv/bin/jiaokan repair $(PAGE) > build/page.txt
	$(BIN)/jiaokan repair $(PAGE) | cmp - build/page.txt
	build/venv/bin/jiaokan --version

# Apart from the other tests, so that these need no engine.
test-cluster: $(VENV)/installed-cluster
	@java -version 2>&1 | grep -q '"\(17\|[2-9][0-9]\)' || { echo 'Spark needs Java 17 or later. On Debian: apt-get install default-jre-headless' >&2; exit 1; }
	$(BIN)/python -m pytest tests/cluster $(LONG)

docs: $(VENV)/installed-dev
	$(BIN)/python tests/test_docs.py

screenshots: $(VENV)/installed-dev
	PYTHONPATH=tests $(BIN)/python docs/screenshots.py

accuracy: $(VENV)/installed-dev
	$(BIN)/python -m bench accuracy

load: $(VENV)/installed-dev
	$(BIN)/python -m bench load

bench: $(VENV)/installed-dev
	$(BIN)/python -m bench batch

image-rehearsal: $(VENV)/installed-dev
	$(BIN)/python image/rehearse.py

# UPGRADE='--upgrade-package granian' upgrades that alone, UPGRADE= nothing that need not be.
lock: $(VENV)/bin/uv
	$(COMPILE) $(UPGRADE) --no-annotate --all-extras --group build pyproject.toml --output-file requirements.lock
	$(COMPILE) $(CONSTRAINTS) --excludes image/without.txt pyproject.toml --output-file image/requirements.lock
	$(COMPILE) $(CONSTRAINTS) --group build --output-file image/build.lock

model: $(VENV)/installed
	PYTHONPATH=. $(BIN)/python -m model
	PYTHONPATH=. $(BIN)/python -m model.signs
	PYTHONPATH=. $(BIN)/python -m model.regional

clean:
	rm -rf $(VENV) $(NEWEST_VENV) build dist .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: what is installed is installed again only after what says what to install has changed.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "jiaokan needs Python 3.11 or later: make PYTHON=python3.12")'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo 'Python is without venv. On Debian: apt-get install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The uv of the lock, with its hashes, by the pip that comes with Python.
$(VENV)/bin/uv: | $(VENV)/bin/python
	awk '/^[^ ]/ {inside = /^uv==/} inside' requirements.lock > $(VENV)/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $(VENV)/uv.txt

$(VENV)/installed: pyproject.toml requirements.lock | $(VENV)/bin/uv
	$(INSTALL) && $(INSTALL) --no-build-isolation-package jiaokan --editable .
	touch $@

$(VENV)/installed-dev: pyproject.toml requirements.lock | $(VENV)/bin/uv
	$(INSTALL) && $(INSTALL) --no-build-isolation-package jiaokan --editable '.[dev,bench]'
	touch $@ $(VENV)/installed

$(VENV)/installed-cluster: pyproject.toml requirements.lock | $(VENV)/bin/uv
	$(INSTALL) && $(INSTALL) --no-build-isolation-package jiaokan --editable '.[dev,bench,spark,ray]'
	touch $@ $(VENV)/installed-dev $(VENV)/installed
