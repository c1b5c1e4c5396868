.DEFAULT_GOAL := help
.PHONY: help setup demo dev test check format fuzz browser faults bench

help: ## Lists the verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  bin/%-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST) | grep -v 'bin/help'

setup: ## Installs what is missing (runtime, test or bench)
	@bin/setup

demo: ## Builds and serves a demo shop
	@bin/demo

dev: ## Builds and serves the development database
	@bin/dev

test: ## Runs every test on SQLite and PostgreSQL
	@bin/test

check: ## Runs all that a change must pass
	@bin/check

format: ## Formats the Swift files
	@bin/format

fuzz: ## Tests the API against its own OpenAPI document
	@bin/fuzz

browser: ## Uses the pages in a real browser
	@bin/browser

faults: ## Kills the program at random moments and looks for losses
	@bin/faults

bench: ## Measures the release program
	@bin/bench
