# make demo   real lattices -> exact stiffness: a table, a result file, a picture (in demo/)
# make test   the test suite
# make bench  throughput of everything, with peers, in one run; writes docs/performance.md and the README's table
# make bench-against REF=...   this checkout against another revision, both built, in one run
# make lint   ruff, formatting, types        make gen-check  generated files equal what codegen/ writes
# make docs   the documentation as a site, with the reference of the API, in build/site
# make sanitize   the native library and its test program under the address, undefined-behaviour and thread sanitizers
# make fuzz   random catalogues and arrays for FUZZ_SECONDS (60); needs clang
# make gpu-proofs  every GPU kernel in every form, by every Triton that is supported, compiled for three devices that
#                  need not be there, and interpreted; hours: gpu-proofs-3.9.0 is that of one Triton; docs/gpu.md
# make bench-gpu   verifies and times the GPU kernels on the GPU that is there
#
# make gpu-matrix  the Triton kernels of the paper's network, compiled by every Triton that is supported
# make compat      demo and tests with the oldest packages on PYTHON_OLDEST, with the newest on PYTHON_NEWEST
#
# Each target creates what it needs in .venv: Python >= 3.10, a C++17 compiler and make are enough. A torch that
# PYTHON can import already is used as it is; else constraints.txt says which version is installed.

PYTHON ?= python3
PYTHON_OLDEST ?= python3.10
PYTHON_NEWEST ?= python3.13
VENV ?= .venv
BIN := $(VENV)/bin
SOURCES := $(shell find csrc -type f) setup.py
NETS := $(VENV)/pormake-0.2.3-py3-none-any.whl
TRITONS ?= 3.4.0 3.5.1 3.6.0 3.7.1 3.8.0 3.9.0
CONSTRAINTS = $$($(BIN)/python -c 'import torch' 2>/dev/null || echo -c constraints.txt)
PIP := $(BIN)/python -m pip install --quiet

# What has been compiled once serves every build: in place, of wheels, and those of the tests.
export FASTLATTICE_OBJECTS ?= $(CURDIR)/build/objects
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test bench bench-against docs lint gen-check sanitize fuzz gpu-proofs gpu-matrix bench-gpu compat compat-oldest compat-newest clean
demo: $(VENV)/.demo
	mkdir -p demo
	$(BIN)/fastlattice fe cells:all nets:rcsr --output demo/stiffness.parquet
	$(BIN)/fastlattice predict cells:all nets:rcsr --output demo/predicted.parquet
	$(BIN)/fastlattice plot octet --output demo/octet.png

# Threads of torch that wait for one another do not spin through the time slices of the other workers: twice as fast.
test: $(VENV)/.test
	OMP_WAIT_POLICY=PASSIVE PORMAKE_WHEEL=$(wildcard $(NETS)) $(BIN)/pytest -n auto --dist loadfile tests

bench: $(VENV)/.bench
	mkdir -p bench/results
	$(BIN)/pytest bench --benchmark-json bench/results/latest.json
	$(BIN)/python -m bench.report

bench-against: $(VENV)/.bench
	@test -n "$(REF)" || { echo "name a revision: make bench-against REF=..."; exit 2; }
	$(BIN)/python -m bench.against $(REF)

# What mkdocs-material says of its future is no fault of a page.
docs: $(VENV)/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

lint: $(VENV)/.test $(VENV)/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python setup.py --quiet build_py --build-lib build/imports
	cd build/imports && $(abspath $(BIN))/lint-imports --no-logo $(CURDIR)/pyproject.toml

gen-check: $(VENV)/.test $(NETS)
	$(BIN)/python -m codegen --check --wheel $(NETS) $(if $(RCSR_CGD),--rcsr $(RCSR_CGD))

# g++ is enough: no Python, no torch.
sanitize:
	$(MAKE) -C tests/native -j$$(nproc 2>/dev/null || echo 2)

fuzz:
	$(MAKE) -C tests/native fuzz

gpu-proofs: $(VENV)/.test $(TRITONS:%=gpu-proofs-%)
	FASTLATTICE_GPU_PROOFS=1 $(BIN)/pytest tests/gpu

# The documentation's tables are those of the Triton that is installed.
gpu-proofs-%: $(VENV)/.test $(VENV)/triton-%
	PYTHONPATH=$(VENV)/triton-$* FASTLATTICE_GPU_PROOFS=1 $(BIN)/pytest tests/gpu -k "not documentation"

gpu-matrix: $(TRITONS:%=gpu-matrix-%)

gpu-matrix-%: $(VENV)/.test $(VENV)/triton-%
	PYTHONPATH=$(VENV)/triton-$* $(BIN)/python -m tests.gpu.matrix

.PRECIOUS: $(VENV)/triton-%
# Without what it depends on. The interpreters of Triton before 3.7 do not know numpy 2.4.
$(VENV)/triton-%: $(BIN)/python
	@echo "installing Triton $*"
	@$(PIP) --no-deps --target $@.partial triton==$* $(if $(filter 3.4.% 3.5.% 3.6.%,$*),'numpy<2.4')
	@mv $@.partial $@

bench-gpu: $(VENV)/.bench
	$(BIN)/python -m bench.gpu

compat: compat-oldest compat-newest

compat-oldest:
	mkdir -p build
	grep -o '"[a-z][a-z0-9-]*>=[0-9.]*' pyproject.toml | tr -d '"' | sed 's/>=/==/' > build/oldest.txt
	$(MAKE) demo test PYTHON=$(PYTHON_OLDEST) VENV=build/oldest CONSTRAINTS='-c build/oldest.txt'

compat-newest:
	$(MAKE) demo test PYTHON=$(PYTHON_NEWEST) VENV=build/newest CONSTRAINTS=

clean:
	rm -rf $(VENV) build dist *.egg-info fastlattice/_lib demo

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "fastlattice needs Python 3.10 or newer, and $(PYTHON) is none; name one: make PYTHON=python3.12 ..."; exit 1; }
	@if $(PYTHON) -c 'import torch' 2>/dev/null; \
	then echo "Setting up $(VENV), once, beside the torch that is there: 0.6 GB of packages to download, 2 GB on disk, and a"; \
	else echo "Setting up $(VENV), once: 3.2 GB of packages to download, 6 GB on disk (on Linux, where half of it is CUDA"; \
	     echo "libraries; README.md says how to do without them), and a"; \
	fi; echo "library to compile. On two cores and a fast line this takes about five minutes."
	@$(PYTHON) -m venv $$($(PYTHON) -c 'import torch' 2>/dev/null && echo --system-site-packages) $(VENV)

# The nets' source, without what it depends on; the table of nets is checked against it.
$(NETS): $(BIN)/python
	@$(BIN)/python -m pip download --quiet --no-deps --dest $(VENV) $(subst -,==,$(firstword $(subst -py3, ,$(notdir $(NETS)))))

$(VENV)/.library: $(BIN)/python $(SOURCES)
	@$(PIP) $(CONSTRAINTS) 'setuptools>=77.0.3'
	@$(BIN)/python setup.py --quiet build_ext --inplace
	@touch $@

# One stamp per extra. The package itself is installed in place, so that Python sources are used as they stand.
$(VENV)/.demo: EXTRA := plot,parquet
$(VENV)/.test: EXTRA := test
$(VENV)/.bench: EXTRA := bench
$(VENV)/.lint: EXTRA := lint
$(VENV)/.docs: EXTRA := docs
$(VENV)/.demo $(VENV)/.test $(VENV)/.bench $(VENV)/.lint $(VENV)/.docs: pyproject.toml constraints.txt $(VENV)/.library
	@echo "installing what fastlattice[$(EXTRA)] needs"
	@$(PIP) $(CONSTRAINTS) --no-build-isolation -e '.[$(EXTRA)]'
	@touch $@
