# `make run` and `make test` are the two commands a newcomer needs; `make help` lists the rest.
SHELL := /bin/sh
PYTHON := .venv/bin/python
ROOMS := settings arabic storage integrations actions bot channels console launcher tools
# Without its compiled files every start of the assistant would compile Rasa again: tens of seconds.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help setup lock run sms-kannel train ask evaluate shell test check format bench peers handbook clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Find or fetch Python 3.10 and make the environment in .venv (does nothing when it is current)
	@for python in python3 python3.10 python3.11 python3.12 python3.13 /usr/bin/python3 python; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then \
			exec "$$python" launcher/bootstrap.py; \
		fi; \
	done; \
	echo 'set-up: no working python3 found: install one (Debian: apt-get install python3 python3-venv)' >&2; exit 1

run: setup ## Serve citizens: database, catalogue, training when needed, every process with its simulators
	@exec $(PYTHON) -m launcher run

sms-kannel: setup ## A real Kannel with a simulated operator, and this terminal as a telephone
	@exec $(PYTHON) -m channels.sms.providers.kannel.trial

train: setup ## Train the assistant on nlu_data/ and bot/
	@$(PYTHON) -m bot train

ask: setup ## Ask one question: make ask Q="كم رسوم الجواز؟"
	@$(PYTHON) -m bot ask "$(Q)"

evaluate: setup ## Measure what is understood on the held-out sentences (ARGS="--check" fails on new failures)
	@$(PYTHON) -m bot evaluate $(ARGS)

shell: setup ## Talk to the bare Rasa model in the terminal
	@$(PYTHON) -m rasa shell

test: setup check ## Check and run every test (ARGS="-k sms" to choose)
	@$(PYTHON) -m pytest -v -rs $(ARGS)

check: setup ## Lint, format, types, boundaries between rooms, sizes, nothing of this machine in the tree, training data
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy $(ROOMS)
	@$(PYTHON) .venv/bin/lint-imports --no-logo
	@$(PYTHON) -m tools.sizes
	@$(PYTHON) -m tools.tree
	@$(PYTHON) -m bot data check --errors

format: setup ## Put the code into its one format
	@$(PYTHON) -m ruff check --fix --quiet . || true
	@$(PYTHON) -m ruff format .

bench: setup ## Measure the assistant beside a stock Rasa project
	@$(PYTHON) benchmarks/assistant.py

PEERS := tests/integrations/exchange/peers
JASMIN := tests/channels/sms/providers/jasmin/peer
OPENID := tests/console/single_sign_on/peer
peers: setup ## Install peers that tests run: schemathesis, Jasmin, and with npm prism and an OpenID provider
	@PATH=".venv-tools/venv/bin:$$PATH" uv venv --quiet --allow-existing --python '>=3.11' .venv-tools/peers
	@PATH=".venv-tools/venv/bin:$$PATH" uv pip sync --quiet --require-hashes --python .venv-tools/peers $(PEERS)/requirements.lock
	@mkdir -p .venv-tools/oidc
	@cp $(PEERS)/package.json $(PEERS)/package-lock.json .venv-tools/peers/
	@cp $(OPENID)/package.json $(OPENID)/package-lock.json .venv-tools/oidc/
	@PATH=".venv-tools/venv/bin:$$PATH" uv venv --quiet --allow-existing --python $(PYTHON) .venv-tools/jasmin
	@PATH=".venv-tools/venv/bin:$$PATH" uv pip sync --quiet --require-hashes --python .venv-tools/jasmin $(JASMIN)/requirements.lock
	@! command -v npm >/dev/null || for peer in peers oidc; do \
		npm ci --silent --no-audit --no-fund --prefix .venv-tools/$$peer || exit 1; \
	done

handbook: setup ## Make the pictures of the staff's handbook anew, by the tests that look at the console
	@$(PYTHON) -m pytest -q tests/e2e/test_console.py tests/console/test_pages.py
	@$(PYTHON) -m tools.pictures

lock: setup ## Resolve requirements.in with requirements.overrides into requirements.lock (ARGS="--upgrade-package x")
	@PATH=".venv-tools/venv/bin:$$PATH" uv pip compile --quiet --python $(PYTHON) --override requirements.overrides requirements.in \
		--generate-hashes --no-emit-index-url --no-annotate --no-header --output-file requirements.lock $(ARGS)

clean: ## Remove the environment and everything that can be made again; the database in var/ stays
	@rm -rf .venv .venv-tools models .rasa artefacts results .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
