# Each target sets up by itself what it needs (in the user's cache, never in the system) and says what it fetches.
.DEFAULT_GOAL := help
.PHONY: help run build test test-engines bench ci clean-cache

PORT ?= 8099
export PORT

help: ## shows this
	@sed -nE 's/^([a-z-]+): ## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

run: ## builds and serves on http://127.0.0.1:8099 (another port with PORT=…)
	@scripts/run

build: ## builds target/release/plimsoll, one file that runs anywhere
	@scripts/build

test: ## runs every test, beside a Docker Engine, a registry and a browser of its own
	@scripts/test

test-engines: ## runs the tests of real Engines beside Docker 20.10, 26 and 28, each with the image stores that it has
	@scripts/test-engines

bench: ## measures the budgets of docs/benchmarks.md; ONLY=58 for one scenario, CUP_BIN=… for Cup beside it
	@scripts/bench $(ONLY)

ci: ## everything that must hold before a change lands: format, lints, documentation, tests
	@scripts/ci

clean-cache: ## removes the tools, packages and compiled dependencies that these targets keep in the user's cache
	@scripts/clean-cache
