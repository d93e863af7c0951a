# Two commands do everything on a fresh Debian or Ubuntu: `make demo` and `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
DEMO_OPTIONS ?=

.PHONY: demo test deep check bench lock clean help

demo: ## Simulate a small France, run the pipeline, serve it on http://127.0.0.1:8000 (DEMO_OPTIONS="--force ...")
	@tools/setup runtime
	@$(BIN)/signaux demo $(DEMO_OPTIONS)

test: ## Everything a commit must keep: unit to browser, with the number of tests per folder
	@tools/setup dev chromium java
	@$(BIN)/pytest -n 2 --dist loadfile tests

deep: ## The long proofs: every test, and many more random cases
	@tools/setup dev chromium java
	@SIGNAUX_DEEP=1 $(BIN)/pytest -n 2 --dist loadfile tests

check: ## Format, lint, types, imports, sizes: shows every failure
	@tools/setup dev
	@tools/check

bench: ## Time and memory of the demonstration's stages, whole process tree
	@tools/setup dev
	@$(BIN)/signaux bench demo

lock: ## Resolve the dependencies again, hashed, without naming an index
	@tools/setup dev
	@tools/lock

clean: ## Remove what the commands made: environment, demonstration, caches
	rm -rf .venv demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

help: ## Print this help
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 14
