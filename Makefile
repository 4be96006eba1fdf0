# The doors of the house. On a machine of the Debian family each sets up what it needs.
SHELL := /bin/bash
PYTHON ?= /usr/bin/python3
VENV := .venv
BIN := $(VENV)/bin
BUNDLE := build/dist/yichuang/yichuang
BUNDLED := $(shell find client domain proto installer docs/handbook -type f ! -path '*/__pycache__/*')

.PHONY: setup demo test test-long test-wine check format proto bench faults screens package clean
.NOTPARALLEL:
# a program that starts in each of a thousand tests is compiled once
unexport PYTHONDONTWRITEBYTECODE

setup: $(VENV)/.stamp

$(VENV)/.stamp: requirements.lock pyproject.toml installer/debian-packages.txt installer/debian-packages.sh
	bash installer/debian-packages.sh
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# CLIENT=bundle plays the day with the packaged client
demo: setup $(if $(filter bundle,$(CLIENT)),$(BUNDLE))
	$(BIN)/python -m tests.end_to_end.demo $(if $(filter bundle,$(CLIENT)),--bundle $(BUNDLE))

test: setup
	$(BIN)/python -m pytest -m "not long and not never_run"

test-long: setup
	bash installer/debian-packages.sh debian-packages-long.txt
	$(BIN)/python -m pytest

# a part of the tests on the Python of Windows, under wine
test-wine: setup
	bash installer/debian-packages.sh debian-packages-wine.txt
	bash tests/wine/run.sh

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 client
	$(BIN)/lint-imports
	cd proto && ../$(BIN)/buf lint
	bash proto/generate.sh --check
	$(BIN)/python -m pytest -n 0 tests/house

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

proto: setup
	bash proto/generate.sh

# QUICK=1 checks the shape of the figures on small inputs
bench: setup package
	$(BIN)/python -m tests.bench

# LONG=1 for hours; needs root for a full disk and /dev/fuse for a power cut, and fails where they are missing
faults: setup
	$(BIN)/python -m tests.faults $(if $(LONG),--long)

screens: setup
	$(BIN)/python -m tests.support.pictures --handbook

package: $(BUNDLE)

# the executable's own time says when the folder was made
$(BUNDLE): $(BUNDLED) requirements.lock pyproject.toml | setup
	$(BIN)/pyinstaller --noconfirm --log-level WARN --distpath build/dist --workpath build/pyinstaller installer/yichuang.spec
	$(BIN)/python installer/bill_of_materials.py client build/dist/yichuang/sbom.cdx.json
	touch $@

clean:
	rm -rf build $(VENV)
