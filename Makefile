# The commands of this repository; each is a script of the same name.
.DEFAULT_GOAL := help
.PHONY: help setup build run serve deploy destroy test e2e e2e-browsers e2e-s3 bench load hostile lint deny sbom fuzz release check-release clean

help: ## prints this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "%-14s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## installs the tools, outside the clone; does nothing when all is there
	@scripts/setup run test

build: ## builds the site into site/dist, and the program resume-counter
	@scripts/build

run: ## builds and starts everything on this machine; ARGS="--in-memory" passes options
	@scripts/run $(ARGS)

serve: ## serves the page on port 8080 for work on it, rebuilt as it changes
	@scripts/serve $(ARGS)

deploy: ## builds everything and deploys it to AWS; ARGS=--help lists options
	@scripts/deploy $(ARGS)

destroy: ## deletes the stack on AWS, and keeps the data unless told otherwise
	@scripts/destroy $(ARGS)

test: ## runs every test, those in a browser included
	@scripts/test

e2e: ## deploys the stack to an emulator of AWS and tests it there; ARGS=--keep leaves it running
	@scripts/e2e $(ARGS)

e2e-browsers: ## takes the main journeys in three browser engines; ARGS="firefox webkit" for some
	@scripts/e2e-browsers $(ARGS)

e2e-s3: ## tries S3's clients on the bucket of the program; ARGS="Rclone S3cmd" for some, ARGS="--keys 10000" for more keys
	@scripts/e2e-s3 $(ARGS)

bench: ## measures the function beside two Python ones, and the local server
	@scripts/bench $(ARGS)

load: ## puts load on the items; ARGS=--quick takes seconds, ARGS="--url … --token …" is for a deployed stack
	@scripts/load $(ARGS)

hostile: ## tries clients that mean harm, kills, a full disk and a soak; ARGS=kills for one
	@scripts/hostile $(ARGS)

lint: ## checks formatting and lints
	@scripts/lint

deny: ## checks the licences and sources of the dependencies
	@scripts/deny

sbom: ## lists what is in what is built, as CycloneDX in target/sbom
	@scripts/sbom

release: ## makes what is handed out, in target/release-artifacts; ARGS=program makes part of it
	@scripts/release $(ARGS)

check-release: ## tries what make release has left
	@scripts/check-release $(ARGS)

fuzz: ## fuzzes the parsers; ARGS="600 page_path" for 600 s of one
	@scripts/fuzz $(ARGS)

clean: ## removes what was built in the clone, not the tools
	cargo clean
	rm -rf site/dist fuzz/target e2e/node_modules e2e/s3/node_modules site/node_modules
