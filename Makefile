# make demo   real lattices -> exact stiffness: a table, a result file, a picture (in demo/)
# make test   the test suite
# make bench  throughput of everything, with peers, in one run; writes docs/performance.md and the README's table
# make lint   ruff, formatting, types        make gen-check  generated files equal what codegen/ writes
# make sanitize   the native library and its test program under the address, undefined-behaviour and thread sanitizers
# make fuzz   random catalogues and arrays for FUZZ_SECONDS (60); needs clang
# make gpu-proofs  every GPU kernel in every form, compiled for three devices that need not be there; docs/gpu.md
# make bench-gpu   verifies and times the GPU kernels on the GPU that is there
#
# Each target creates what it needs in .venv: Python >= 3.10, a C++17 compiler and make are enough. A torch that
# PYTHON can import already is used as it is; else constraints.txt says which version is installed.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SOURCES := $(shell find csrc -type f) setup.py pyproject.toml constraints.txt
NETS := $(VENV)/pormake-0.2.3-py3-none-any.whl

.PHONY: demo test bench lint gen-check sanitize fuzz gpu-proofs bench-gpu clean
demo: $(VENV)/.demo
	mkdir -p demo
	$(BIN)/fastlattice fe cells:all nets:rcsr --output demo/stiffness.parquet
	$(BIN)/fastlattice plot octet --output demo/octet.png

test: $(VENV)/.test
	PORMAKE_WHEEL=$(wildcard $(NETS)) $(BIN)/pytest tests

bench: $(VENV)/.bench
	mkdir -p bench/results
	$(BIN)/pytest bench --benchmark-json bench/results/latest.json
	$(BIN)/python -m bench.report

lint: $(VENV)/.test $(VENV)/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

gen-check: $(VENV)/.test $(NETS)
	$(BIN)/python -m codegen --check --wheel $(NETS)

# g++ is enough: no Python, no torch.
sanitize:
	$(MAKE) -C tests/native -j$$(nproc 2>/dev/null || echo 2)

fuzz:
	$(MAKE) -C tests/native fuzz

gpu-proofs: $(VENV)/.test
	FASTLATTICE_GPU_PROOFS=1 $(BIN)/pytest tests/gpu

bench-gpu: $(VENV)/.bench
	$(BIN)/python -m bench.gpu

clean:
	rm -rf $(VENV) build dist *.egg-info fastlattice/_lib demo

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "fastlattice needs Python 3.10 or newer; name one: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $$($(PYTHON) -c 'import torch' 2>/dev/null && echo --system-site-packages) $(VENV)

# The nets' source, without what it depends on; the table of nets is checked against it.
$(NETS): $(BIN)/python
	$(BIN)/python -m pip download --quiet --no-deps --dest $(VENV) $(subst -,==,$(firstword $(subst -py3, ,$(notdir $(NETS)))))

# One stamp per extra. The package itself is installed in place, so that Python sources are used as they stand;
# the native library is rebuilt when its sources change.
$(VENV)/.demo: EXTRA := plot,parquet
$(VENV)/.test: EXTRA := test
$(VENV)/.bench: EXTRA := bench
$(VENV)/.lint: EXTRA := lint
$(VENV)/.demo $(VENV)/.test $(VENV)/.bench $(VENV)/.lint: $(BIN)/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $$($(BIN)/python -c 'import torch' 2>/dev/null || echo -c constraints.txt) -e '.[$(EXTRA)]'
	touch $@
