# Everything a newcomer needs. All state lies in .venv/ and var/.
.PHONY: help setup demo dev test lint bench screenshots lock clean

ADDRESS ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin

help:
	@echo "make setup        everything an empty portal needs; quick when nothing changed"
	@echo "make demo         that, a demo organisation, and serve on http://$(ADDRESS):$(PORT)"
	@echo "make dev          serve with reload and debug pages"
	@echo "make test         the whole suite, with its own set-up"
	@echo "make lint         style, layers, types, templates, translations"
	@echo "make bench        measurements, printed"
	@echo "make screenshots  take the pictures in docs/ again"

setup:
	@sh deploy/bootstrap.sh requirements.lock
	@sh deploy/pdf_libraries.sh
	@sh deploy/prepare.sh

demo: setup
	@sh deploy/prepare.sh demo
	@$(BIN)/python manage.py serve --address $(ADDRESS) --port $(PORT)

dev: setup
	@DEBUG=1 $(BIN)/python manage.py runserver $(ADDRESS):$(PORT)

.venv/dev:
	@sh deploy/bootstrap.sh requirements-dev.lock
	@sh deploy/pdf_libraries.sh
	@sh deploy/translations.sh

.PHONY: .venv/dev

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet portal kb courses certification
	$(BIN)/mypy

test: .venv/dev
	@sh deploy/test_tools.sh
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pytest -n 2 -q -m "not e2e"
	@echo "The peer's backend test suite, on the default engine:"
	$(BIN)/python -m pytest -q tests/portal/search/backend/test_suite.py -k TestWhooshBackend
	$(BIN)/python -m pytest -q -m e2e
	$(BIN)/python -m tests.engines

bench: .venv/dev
	@for bench in tests/bench/bench_*.py; do echo "== $$bench"; $(BIN)/python -m $$(echo $$bench | sed 's,/,.,g; s,\.py$$,,') || exit 1; done

screenshots: .venv/dev
	$(BIN)/python -m tests.screenshots

lock:
	@sh deploy/lock.sh

clean:
	rm -rf var .venv
