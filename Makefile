# `make help` lists what there is. Every target sets up what it needs in .venv by itself.

SPIDER ?= esteri
SIZE ?= 300
KILLS ?= 500
MINUTES ?= 30
ARGS ?=
# Of the tests; each waits for crawls and servers some of its time.
WORKERS ?= $(shell expr 3 '*' $$(nproc 2>/dev/null || echo 2) / 2)

PY := .venv/bin/python
# The tests start hundreds of processes, each of which would compile the package again.
COMPILED := env -u PYTHONDONTWRITEBYTECODE
# The first interpreter that is new enough; `make PYTHON=/path/to/python` chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; \
	done)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo crawl deploy test lint format schema bench bench-ledger bench-day bench-peers fuzz fuzz-generated soak soak-faults soak-hostile soak-life soak-sites clean

help: ## list these targets
	@echo 'usage: make TARGET [NAME=VALUE ...]'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-13s  %s\n", $$1, $$2 }'

demo: spider .venv/.run ## crawl the offline twin (SPIDER=esteri SIZE=300, ARGS='-a pages=2')
	@NEWSCRAWL_LOG=file $(PY) -m twin.demo --spider '$(SPIDER)' --size '$(SIZE)' -- $(ARGS)

crawl: spider .venv/.run ## crawl the live site (SPIDER=esteri, ARGS='-a pages=2')
	@NEWSCRAWL_LOG=file $(PY) -m scrapy crawl '$(SPIDER)' $(ARGS)

deploy: .venv/.deploy ## build the egg and upload it to Scrapyd (SCRAPYD=http://host:6800)
	@SCRAPYD='$(SCRAPYD)' deploy/push

test: .venv/.dev ## run the tests, fast ones first (ARGS='-k dates')
	@$(COMPILED) $(PY) -m pytest -n '$(WORKERS)' --dist worksteal -m 'not soak' $(ARGS)

lint: .venv/.dev ## check style and types
	@status=0; \
	$(PY) -m ruff check || status=1; \
	$(PY) -m ruff format --check || status=1; \
	$(PY) -m mypy || status=1; \
	exit $$status

format: .venv/.dev ## apply the style
	@$(PY) -m ruff check --fix
	@$(PY) -m ruff format

schema: .venv/.run ## write docs/article.schema.json and docs/fields.md from newscrawl/items
	@$(PY) -m newscrawl.items

bench: .venv/.dev ## run the benchmarks
	@set -e; for file in $(filter-out %/bench_ledger.py %/bench_day.py %/bench_peers.py,$(wildcard benchmarks/bench_*.py)); do \
		name=$$(basename $$file .py); echo "== $$name"; $(PY) -m benchmarks.$$name $(ARGS); done

bench-ledger: .venv/.dev ## measure the ledger with 10 million URLs (ARGS='--urls 1000000')
	@$(PY) -m benchmarks.bench_ledger $(ARGS)

bench-day: .venv/.dev ## crawl a simulated day of the twin every quarter of an hour, and print the lag
	@$(PY) -m benchmarks.bench_day $(ARGS)

bench-peers: .venv/.dev .venv-peers/.run ## compare with other extractors and crawlers, and write benchmarks/RESULTS.md
	@$(COMPILED) $(PY) -m benchmarks.bench_peers $(ARGS)

fuzz: .venv/.fuzz ## fuzz all that reads what sites send, guided by coverage (MINUTES=30, ARGS=--keep)
	@$(PY) -m tests.fuzzing --minutes '$(MINUTES)' $(ARGS)

fuzz-generated: .venv/.dev ## run the generated-input tests with many more examples
	@$(PY) -m pytest -m hypothesis --hypothesis-profile=fuzz --timeout=0 $(ARGS)

soak: .venv/.dev ## crawl a large twin under a memory limit, then 500 kills (SIZE=20000 KILLS=500)
	@$(MAKE) --no-print-directory demo SPIDER=alanews \
		SIZE=$(if $(filter file,$(origin SIZE)),20000,$(SIZE)) \
		ARGS='-s MEMUSAGE_LIMIT_MB=400 -s MEMUSAGE_CHECK_INTERVAL_SECONDS=5 $(ARGS)'
	@$(PY) -m benchmarks.soak_kills --kills '$(KILLS)'

soak-faults: .venv/.dev ## run the long tests and further variants, which make test leaves out
	@$(COMPILED) $(PY) -m pytest -n '$(WORKERS)' --dist worksteal -m soak --ignore=tests/hostile $(ARGS)

soak-hostile: .venv/.dev ## run the long tests of what the open web does to a crawler
	@$(COMPILED) $(PY) -m pytest -n '$(WORKERS)' --dist worksteal -m soak tests/hostile $(ARGS)

soak-life: .venv/.dev ## run three spiders over a simulated year with faults and kills (SEED=7)
	@$(COMPILED) $(PY) -m benchmarks.soak_life $(if $(SEED),--seed '$(SEED)') $(ARGS)

soak-sites: .venv/.deploy .venv/.dev ## crawl 50 sites, three of them sick, with a real Scrapyd (ARGS='--sites 12')
	@$(COMPILED) $(PY) -m benchmarks.soak_sites $(ARGS)

clean: ## remove the environments and the caches, never output/ and output-demo/
	@rm -rf .venv .venv-peers .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The name becomes a folder of output/.
.PHONY: spider
spider:
	@case '$(SPIDER)' in '' | *[!a-z0-9_]*) \
		echo "no spider is called '$(SPIDER)'; '.venv/bin/scrapy list' names them all" >&2; exit 1;; esac

.venv/.run: requirements.txt
	@$(call set_up,requirements.txt)
	@touch $@

.venv/.deploy: requirements-deploy.txt requirements.txt
	@$(call set_up,requirements.txt -r requirements-deploy.txt)
	@touch .venv/.run $@

.venv/.dev: $(filter-out requirements-fuzz.txt,$(wildcard requirements*.txt))
	@$(call set_up,requirements-dev.txt)
	@touch .venv/.run .venv/.deploy $@

.venv/.fuzz: requirements-fuzz.txt .venv/.dev
	@$(call set_up,requirements-fuzz.txt)
	@touch .venv/.dev $@

# Without dependencies: the file names them all, and older versions of pip fail at resolving them.
.venv-peers/.run: benchmarks/peers/requirements.txt
	@$(call set_up,$< --no-deps,.venv-peers)
	@touch $@

# $(call set_up,FILE,FOLDER): make an environment, by default .venv, unless it works, and install what
# FILE names; `A -r B` for two.
define set_up
set -e; \
python='$(PYTHON)'; \
if [ -z "$$python" ]; then \
	echo 'newscrawl needs Python 3.11 or newer; make PYTHON=/path/to/python3 if it is not on PATH' >&2; \
	exit 1; \
fi; \
if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	echo "$$python cannot make virtual environments: apt-get install python$$version-venv" >&2; \
	exit 1; \
fi; \
folder='$(or $(2),.venv)'; \
echo "setting up $$folder (once, about a minute) ..."; \
"$$folder/bin/python" -m pip --version >/dev/null 2>&1 || "$$python" -m venv --clear "$$folder"; \
"$$folder/bin/python" -m pip install -qq --disable-pip-version-check --no-input -r $(1)
endef
