# make run    installs what is needed into .venv and starts the app on http://localhost:8501
# make test   installs the development requirements and a Chromium if there is none, and runs the whole suite
#             in two processes (make test WORKERS=0: in one)
# make lint   linter, format check and types

PYTHON ?= python3
PORT ?= 8501
WORKERS ?= 2
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

.PHONY: run test lint bench clean

run: .venv/installed
	$(BIN)/streamlit run app.py --server.address localhost --server.port $(PORT)

test: .venv/installed-dev
	$(BIN)/python -m tests.browser.chromium --install
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/installed-dev
	$(BIN)/python -m tests.browser.chromium --install
	$(BIN)/python -m benchmarks.latency

.venv/installed: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -r requirements.txt
	$(BIN)/python -c "open('.venv/installed', 'w').close()"

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	$(BIN)/python -c "open('.venv/installed-dev', 'w').close()"

clean:
	$(PYTHON) -c "import shutil; shutil.rmtree('.venv', ignore_errors=True)"
