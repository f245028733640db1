# Two commands do everything on a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PORT
STAMP := $(VENV)/.setup-stamp
CATALOGUE := app/translations/en/LC_MESSAGES/messages.mo
VENDOR_STAMP := app/static/vendor/.setup-stamp

# What `make lock` leaves out of the hashed lock: torch's CPU build has other hashes than the
# published one (see README, decisions), and the rest serves GPUs only.
LOCK_EXCLUDES := torch triton cuda-bindings cuda-pathfinder cuda-toolkit nvidia-cublas nvidia-cuda-cupti \
  nvidia-cuda-nvrtc nvidia-cuda-runtime nvidia-cudnn-cu13 nvidia-cufft nvidia-cufile nvidia-curand \
  nvidia-cusolver nvidia-cusparse nvidia-cusparselt-cu13 nvidia-nccl-cu13 nvidia-nvjitlink \
  nvidia-nvshmem-cu13 nvidia-nvtx

.PHONY: setup demo test lint bench lock translations clean

setup: $(STAMP) $(VENDOR_STAMP) $(CATALOGUE)

$(STAMP): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet "torch==2.13.0"
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENDOR_STAMP): app/package.json app/package-lock.json app/vendor_assets.py $(STAMP)
	$(BIN)/python -m app.vendor_assets
	touch $@

$(CATALOGUE): app/translations/en/LC_MESSAGES/messages.po $(STAMP)
	$(BIN)/pybabel --quiet compile --directory app/translations
	touch $@

demo: setup
	$(BIN)/traitdunion demo

test: lint
	$(BIN)/python -m tests.run

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: setup
	$(BIN)/python -m tests.benchmarks

lock:
	uv pip compile --extra dev --generate-hashes --no-emit-index-url --universal --python-version 3.11 --quiet \
	  --no-header $(addprefix --no-emit-package ,$(LOCK_EXCLUDES)) pyproject.toml -o requirements.lock

translations: setup
	$(BIN)/pybabel extract -F app/babel.cfg -k lazy_gettext -k _l -o app/translations/messages.pot --no-location --omit-header app
	$(BIN)/pybabel update -i app/translations/messages.pot -d app/translations --no-fuzzy-matching --no-wrap --ignore-pot-creation-date

clean:
	rm -rf $(VENV) app/static/vendor app/node_modules instance
