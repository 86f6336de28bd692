# Each target sets itself up on a machine with Python 3.11 or newer; the second time is quick.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v $$p; break; }; done)
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet --quiet
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo run serve test check format bench screenshots lock browser

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 20

demo: .venv/.run node_modules/.package-lock.json ## the site on an emulated Navixy full of sample data, nothing else needed
	@exec $(PY) manage.py demo

run: .venv/.run node_modules/.package-lock.json ## the site with the settings of the environment (NAVIXY_API_URL), for one machine
	@exec $(PY) manage.py run

serve: .venv/.run node_modules/.package-lock.json ## production: refuses unsafe settings
	@PRODUCTION=1 exec $(PY) manage.py serve

test: .venv/.dev node_modules/.dev browser ## unit, contract, web and browser tests; ARGS= are pytest's
	@$(PY) -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal $(ARGS)

check: .venv/.dev node_modules/.dev ## lint, types, import contracts, templates, Django's own checks
	@.ci/check

format: .venv/.dev ## bring the code into its layout
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

bench: .venv/.dev node_modules/.dev browser ## measure, and write var/bench.md
	@$(PY) -m tests.bench

screenshots: .venv/.dev node_modules/.dev browser ## take the README's pictures from the running product
	@$(PY) -m tests.screenshots

lock: .venv/.dev ## newest versions into the lock files
	@.ci/lock

browser: .venv/.dev
	@.ci/browser

.venv/bin/python:
	@.ci/venv "$(PYTHON)"

.venv/.run: requirements.lock | .venv/bin/python
	@echo "Installing Python packages"
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock | .venv/.run
	@echo "Installing Python packages for tests and checks"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

node_modules/.package-lock.json: package-lock.json package.json requirements-node.lock | .venv/.npm
	@echo "Installing browser libraries"
	@$(NPM_CI) --omit=dev >/dev/null
	@touch $@

# The browser libraries and what only tests need: a second S3 server.
node_modules/.dev: package-lock.json package.json requirements-node.lock | .venv/.npm
	@echo "Installing browser libraries, and those for tests"
	@$(NPM_CI) >/dev/null
	@touch node_modules/.package-lock.json $@

.venv/.npm: | .venv/bin/python
	@command -v npm >/dev/null || { echo "No npm here: taking Node.js from PyPI"; \
		$(PIP) install --require-hashes -r requirements-node.lock; }
	@touch $@
