# Everything anyone needs to run, test and draw the product. `make` alone lists the commands.
.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test test-both fast check count docs fuzz bench validate-feed upgrade run-worker pins

PORT ?= 8000
CRM_DATA ?= ./var
export PORT CRM_DATA PYTHON

python := .venv/bin/python
run := .venv/.run-is-installed
dev := .venv/.dev-is-installed

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F '\t' '{printf "  make %-13s %s\n", $$1, $$2}'

setup: $(run) $(dev) ## all that running and testing need, in .venv; instant when nothing changed

$(run): requirements/run.txt requirements/tools.txt tools/setup.sh
	@sh tools/setup.sh run

$(dev): requirements/dev.txt requirements/tools.txt tools/setup.sh | $(run)
	@sh tools/setup.sh dev

# The demo waits for the run set alone: linters and a browser's driver are no use to whoever came to look,
# and on a fresh machine they would take longer to arrive than everything else together.
demo: $(run) ## the product with invented data at http://127.0.0.1:8000 (PORT=…, CRM_DATA=… may be given)
	@$(python) tools/demo.py serve

demo-reset: $(run) ## throw the demo's data away and load it afresh
	@$(python) tools/demo.py reset

test: setup ## everything: linters, types, contracts, tests on SQLite and PostgreSQL, browser
	@sh tools/test.sh all

test-both: setup ## the same, with each page on both engines: before a release
	@sh tools/test.sh both

check: setup ## everything but the browser
	@sh tools/test.sh check

fast: setup ## the tests that need no database
	@sh tools/test.sh fast

count: setup ## how many tests there are of each kind; none is run
	@$(python) tools/count.py

docs: setup ## redraw docs/drawn/
	@CRM_ENV=development $(python) -m flask --app wsgi docs draw

ODD ?= 40
fuzz: setup ## nonsense in every form and filter, as each person of the demo: 40 times each (ODD=…), some 40,000 posts
	@$(python) -m pytest -q -n 2 --odd $(ODD) tests/rules/test_crawl.py

bench: setup ## the benchmark, with its table
	@$(python) -m bench
	@$(python) -m bench.businesses
	@$(python) -m bench.programme
	@$(python) -m bench.cohort
	@$(python) -m bench.network
	@$(python) -m bench.readiness
	@$(python) -m bench.ledger
	@$(python) -m bench.reports
	@$(python) -m bench.events
	@$(python) -m bench.coverage
	@$(python) -m bench.feeds

validate-feed: setup ## hold a running Open Referral UK feed against the standard: URL=https://…/oruk/v3
	@$(python) tools/validate_feed.py $(URL)

upgrade: $(run) ## back up (BACKUP=place), migrate, load what comes with the product, check; then start everything again
	@$(python) -m flask --app wsgi upgrade $(if $(BACKUP),--backup "$(BACKUP)")

run-worker: $(run) ## send the outbox and do the timed work
	@$(python) -m flask --app wsgi run-worker

pins: setup ## compile requirements/*.in into *.txt again (upgrade one: sh tools/pins.sh --upgrade-package NAME)
	@sh tools/pins.sh
