# SongXanh: one entry point. `make` alone explains itself.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run build check test e2e bench bench-control bench-optimizer bench-sim bench-priority load up down

SCENARIO ?= scenarios/corridor/corridor.sumocfg
SPEED ?= 1
STREET ?= micro
SEED ?= 1
ARGS ?=
K6 ?= k6
BASE ?= http://127.0.0.1:8080
CLIENTS ?= 50
SECONDS ?= 20

help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{ printf "  make %-14s %s\n", $$1, $$2 }'
	@printf '\n  make run takes SCENARIO=path/to/x.sumocfg  SPEED=1|10|max  STREET=micro|sumo  SEED=1  ARGS="…"\n'

setup: node_modules/.setup ## Install what is missing: a Redis server and the npm packages
node_modules/.setup: package-lock.json
	@bash scripts/setup.sh
	@touch $@

build: setup ## Compile everything and build the web page
	@npx tsc -b
	@npm run --silent build -w web

run: build ## A moving city in the browser; Ctrl-C stops it
	@exec node cli/bin/songxanh.js run --scenario "$(SCENARIO)" --speed "$(SPEED)" --street "$(STREET)" --seed "$(SEED)" $(ARGS)

check: setup ## Types, lint, import direction, contracts, format
	npx tsc -b
	npx tsc -p web/tsconfig.json --noEmit
	npx eslint .
	npx depcruise packages services controllers simulators cli
	npx buf lint proto
	npx prettier --check --log-level warn .

test: setup ## Unit, contract and end-to-end tests
	npx tsc -b
	npx jest $(JEST_ARGS)

e2e: build ## The composed system and the page in a real browser
	npx jest tests

bench: setup ## Quality and speed: prints tables, records in bench/results; FULL=1 the whole morning
	@npx tsc -b
	@FULL="$(FULL)" node bench/dist/main.js $(ARGS)

bench-control: setup ## The outside benchmark; SEEDS=5 NETWORKS=cologne1,cologne3
	@$(if $(SEEDS),SEEDS="$(SEEDS)") $(if $(NETWORKS),NETWORKS="$(NETWORKS)") node --conditions=source --import tsx bench/src/main.ts control $(ARGS)

bench-optimizer: setup ## Time per decision, and its plans against a search over every second; ARGS="--networks cologne1 --states 20"
	@npx tsc -b
	@node bench/dist/main.js optimizer
	@node bench/dist/main.js full-search $(ARGS)

bench-sim: setup ## Speed of the microscopic engine against SUMO on grids; ARGS=10x10
	@npx tsc -b bench
	@node --conditions=source --import tsx bench/src/main.ts sim $(ARGS)

bench-priority: setup ## Buses with and without priority on the corridor; ARGS="--seeds 2,3 --cases none:0,unconditional:0 --keep"
	@npx tsc -b bench
	@node bench/dist/main.js priority $(ARGS)
	@$(if $(ARGS),,node bench/dist/main.js emergency)

load: ## k6 against a running city (make run): CLIENTS=50 SECONDS=20
	@command -v $(K6) >/dev/null || { echo 'load: k6 is missing: go install go.k6.io/k6@v1.0.0 (then K6=path/to/k6)' >&2; exit 2; }
	$(K6) run --quiet -e BASE="$(BASE)" -e CLIENTS="$(CLIENTS)" -e SECONDS="$(SECONDS)" tests/load/live.js

up: ## The same services in containers
	docker-compose up --build --detach
	@echo 'http://127.0.0.1:8080'

down: ## Stop the containers
	docker-compose down
