# The doors of the house. On a Debian-family desktop each sets up what it needs.
SHELL := /bin/bash
PYTHON ?= /usr/bin/python3
VENV := .venv
BIN := $(VENV)/bin
CLIENT ?= source

.PHONY: setup test test-long check format proto bench demo screens package clean

setup: $(VENV)/.stamp

$(VENV)/.stamp: requirements.lock pyproject.toml installer/debian-packages.txt
	bash installer/debian-packages.sh
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	touch $@

test: setup
	$(BIN)/python -m pytest -m "not long and not never_run"

test-long: setup
	$(BIN)/python -m pytest -m "not never_run"

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	bash proto/generate.sh --check
	$(BIN)/python -m pytest -n 0 tests/house

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

proto: setup
	bash proto/generate.sh

bench: setup
	$(BIN)/python -m tests.bench

demo: setup
	$(BIN)/python -m tests.end_to_end.demo --client $(CLIENT)

screens: setup
	$(BIN)/python -m tests.support.screens

package: setup
	$(BIN)/pyinstaller --noconfirm --distpath build/dist --workpath build/pyinstaller installer/yichuang.spec

clean:
	rm -rf build $(VENV)
