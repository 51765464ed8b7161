# make run     set up .venv, repair a real page on the command line and over HTTP, and stop
# make serve   set up .venv and keep the service up on http://127.0.0.1:8000
# make test    everything that is checked before a change is taken
# make test-cluster  repair 200 MB in Spark and in Ray and compare; needs Java 17 or later
# make screenshots   take the pictures of the page in README.md anew
# make docs    write the output shown in README.md and docs/ anew
# make load    measure a server on this machine, beside an echo and a bare service (bench/README.md)
# make bench   measure jiaokan repair over files on this machine; hours, and 20 GB of disk (bench/README.md)
# make image-rehearsal  carry out the Dockerfile without a container engine; needs root on Debian
# make lock    choose the versions in the image anew: image/*.lock
# make model   build the language model and what rests on it anew; needs Debian 12 and changes nothing
# make clean   remove what the others made

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
LOCK = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --custom-compile-command 'make lock'
TOGETHER := --numprocesses logical --maxprocesses 8 --dist worksteal
PAGE := fixtures/seeds/003_6ba9500f3d06fe2b.source.txt

.PHONY: run serve test test-cluster lint types tests wheel docs screenshots load bench image-rehearsal lock model clean
.DELETE_ON_ERROR:

run: $(VENV)/installed
	$(BIN)/python docs/tour.py $(PAGE)

serve: $(VENV)/installed
	$(BIN)/jiaokan serve

test: lint types tests wheel

lint: $(VENV)/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/hadolint Dockerfile
	$(BIN)/yamllint --strict -d '{extends: default, rules: {document-start: disable, line-length: {max: 120}}}' compose.yaml
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml

types: $(VENV)/installed-dev
	$(BIN)/mypy

# As many at once as there are processors, then one by one those that nothing else may run beside.
tests: $(VENV)/installed-dev
	$(BIN)/python -m pytest $(TOGETHER) -m 'not alone' --cov --cov-report= --cov-fail-under=0
	$(BIN)/python -m pytest tests -m alone --cov --cov-append --cov-report=term

# The wheel as a user gets it: alone in an environment of its own, with the network out of reach.
wheel: $(VENV)/installed-dev
	rm -rf build/wheel
	$(BIN)/python -m build --quiet --wheel --outdir build/wheel
	$(PYTHON) -m venv --clear build/venv
	build/venv/bin/python -m pip install --quiet build/wheel/*.whl
	http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9 build/venv/bin/jiaokan repair $(PAGE) > build/page.txt
	$(BIN)/jiaokan repair $(PAGE) | cmp - build/page.txt
	build/venv/bin/jiaokan --version

# Apart from the other tests, so that these need no engine.
test-cluster: $(VENV)/installed-cluster
	@java -version 2>&1 | grep -q '"\(17\|[2-9][0-9]\)' || { echo 'Spark needs Java 17 or later. On Debian: apt-get install default-jre-headless' >&2; exit 1; }
	$(BIN)/python -m pytest tests/cluster

docs: $(VENV)/installed-dev
	$(BIN)/python tests/test_docs.py

screenshots: $(VENV)/installed-dev
	PYTHONPATH=tests $(BIN)/python docs/screenshots.py

load: $(VENV)/installed-dev
	$(BIN)/python bench/load.py all

bench: $(VENV)/installed-dev
	$(BIN)/python bench/batch.py all

image-rehearsal: $(VENV)/installed-dev
	$(BIN)/python image/rehearse.py

lock: $(VENV)/installed-dev
	$(LOCK) pyproject.toml --excludes image/without.txt --output-file image/requirements.lock
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
		| $(LOCK) - --output-file image/build.lock

model: $(VENV)/installed
	PYTHONPATH=. $(BIN)/python -m model
	PYTHONPATH=. $(BIN)/python -m model.signs
	PYTHONPATH=. $(BIN)/python -m model.regional

clean:
	rm -rf $(VENV) build dist .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: what is installed is installed again only after pyproject.toml changed.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "jiaokan needs Python 3.11 or later: make PYTHON=python3.12")'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo 'Python is without venv. On Debian: apt-get install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/installed-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,bench]'
	touch $@ $(VENV)/installed

$(VENV)/installed-cluster: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,bench,spark,ray]'
	touch $@ $(VENV)/installed-dev $(VENV)/installed
