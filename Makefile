PREFIX ?= /usr/local
DESTDIR ?=
# Of fuzzing.
SECONDS ?= 60
# Those that are dumped by stress, bench, estimates and test-all-nodes.
NODES ?= 18 20 22 24 26

binary := .build/release/heapdump
# CC=aarch64-linux-gnu-gcc AGENT=.build/agent-arm64 makes an agent for arm64.
AGENT ?= .build/agent
agent := $(AGENT)/heapdump.node
bindir := $(DESTDIR)$(PREFIX)/bin
docdir := $(DESTDIR)$(PREFIX)/share/doc/heapdump
nodedir := $(DESTDIR)$(PREFIX)/lib/heapdump/node
mandir := $(DESTDIR)$(PREFIX)/share/man/man1

# SwiftPM uses every core itself, and two of it wait for each other.
.NOTPARALLEL:
.PHONY: help setup build agent unit test golden test-failed test-all-nodes fuzz stress bench estimates demo check install uninstall clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | \
	    while IFS='|' read -r target text; do printf '%-20s %s\n' "$$target" "$$text"; done

setup: ## Install what building needs (as root, on Debian and its relatives; elsewhere say what is missing)
	@Scripts/setup.sh

# The agent that goes into Node processes. It needs nothing but the C library that it finds there, glibc or musl: so it
# is linked against none, whose newest symbols older ones do not have.
# Never unloaded (nodelete): Node does that when a worker thread ends, and the thread that awaits a child may still run.
NODE_HEADERS ?= $(firstword $(wildcard /usr/include/node /usr/local/include/node .build/node/24/include/node))
agent_sources := $(sort $(wildcard Sources/HeapDumpAgent/*.c))
agent_headers := $(wildcard Sources/HeapDumpAgent/*.h)
agent_version := $(shell sed -n 's/.*number = "\([0-9.]*\)".*/\1/p' Sources/SnapshotWriter/HeapdumpVersion.swift)
agent_protocol := $(shell sed -n 's/^enum { PROTOCOL = \([0-9]*\) };/\1/p' Sources/HeapDumpAgent/module.c)
# By its name the agent is found again in a process that it is mapped into, whatever JavaScript does there.
agent_name := snapshot-agent-$(agent_version)-$(agent_protocol).so
agent_flags := -std=gnu11 -O2 -fPIC -Wall -Wextra -Werror -fvisibility=hidden -fno-stack-protector -U_FORTIFY_SOURCE \
	-DNAPI_VERSION=8 -DHEAPDUMP_VERSION='"$(agent_version)"' -isystem $(NODE_HEADERS) \
	-shared -nostdlib -s -Wl,-soname,$(agent_name),-z,now,-z,relro,-z,noexecstack,-z,nodelete,--build-id=none

# Before a compiler names a header that a newcomer has never heard of.
libraries := zlib.h zstd.h sqlite3.h libunwind.h node_api.h
.PHONY: libraries
libraries:
	@for header in $(libraries); do \
	    echo "#include <$$header>" | $(CC) -isystem '$(NODE_HEADERS)' -fsyntax-only -x c - 2>/dev/null || \
	        { echo "make: $$header is missing: run make setup" >&2; exit 1; }; \
	done

$(agent): $(agent_sources) $(agent_headers) Makefile Sources/SnapshotWriter/HeapdumpVersion.swift
	@mkdir -p $(@D)
	@$(CC) $(agent_flags) -o $@ $(agent_sources)

# What ptrace brings into a process, see Sources/HeapDumpAgent/visit/visit.h. Without the compiler's own calls of functions that it has
# no dynamic linker for.
visit := $(AGENT)/visit.so
visit_sources := $(wildcard Sources/HeapDumpAgent/visit/*.c) \
	$(addprefix Sources/HeapDumpAgent/, calm.c child.c dontfork.c filter.c fork.c got.c heap.c proc.c status.c)

$(visit): $(visit_sources) $(agent_headers) $(wildcard Sources/HeapDumpAgent/visit/*.h) Makefile
	@mkdir -p $(@D)
	@$(CC) $(agent_flags) -fno-builtin -fno-tree-loop-distribute-patterns -o $@ $(visit_sources)

# As text that a C compiler includes: heapdump carries both in itself.
$(agent).inc $(visit).inc: %.inc: %
	@od -An -v -tu1 $< | sed 's/[0-9][0-9]*/&,/g' >$@
	@touch Sources/AgentImage/agent_image.c # which does not know of a file that was missing before

# What applications load, by the name of the directory.
addon := $(AGENT)/node
addon_files := package.json $(notdir $(wildcard Sources/HeapDumpAgent/node/*.js)) index.d.ts

$(addon)/heapdump.node: $(agent)
	@mkdir -p $(@D)
	@cp $< $@

$(addon)/%: Sources/HeapDumpAgent/node/%
	@mkdir -p $(@D)
	@cp $< $@

agent: $(agent).inc $(visit).inc $(addon)/heapdump.node $(addon_files:%=$(addon)/%) ## Build .build/agent: what is loaded into Node processes

# Stripped by the linker: SwiftPM would take a binary that strip changed for its own, or link it anew each time.
# Static: it runs on any Linux of its architecture, whatever C library and however old, in an empty root too.
build: libraries agent ## Build .build/release/heapdump, one file that needs nothing where it runs
	@swift build -c release -Xswiftc -static-executable --product heapdump -Xlinker -s

# Those that the integration tests run on; empty for the usual ones.
NODE ?=
tested_nodes = $(NODE)
# Strict as in check, for else the two would compile our modules in turns.
run_tests = HEAPDUMP_STRICT=1 HEAPDUMP_REQUIRE_NODES=1 HEAPDUMP_REQUIRE_CHROMIUM=1 HEAPDUMP_NODES='$(tested_nodes)' \
	HEAPDUMP_BINARY='$(CURDIR)/$(binary)' swift test --disable-xctest
# Of each test, for what judges a run.
test_results := .build/test-results.xml
test_events := .build/test-events.jsonl
# Ends with the slowest tests and what was skipped, and with the tests' own status.
then_slowest = --event-stream-output-path $(test_events); status=$$?; \
	python3 -B Scripts/slowest_tests.py $(test_events); exit $$status

test: ## Install what the tests need, and run them all on the release binary; NODE=24 on that version alone
	@rm -f $(test_results) $(test_events)
	@Scripts/setup.sh --tests
	@$(MAKE) --no-print-directory build
	@$(run_tests) --xunit-output $(test_results) $(then_slowest)

unit: libraries agent ## Run the tests that need no Node, no browser, no network and no other rights
	@rm -f $(test_events)
	@HEAPDUMP_STRICT=1 HEAPDUMP_TEST_NODE=none swift test --disable-xctest --skip '^(IntegrationTests\.|HeapReportTests\.BrowserTests)' $(then_slowest)

golden: ## Write Tests/Golden anew: what every command prints as JSON
	@$(MAKE) --no-print-directory build
	@HEAPDUMP_RENEW_GOLDEN=1 $(run_tests) --filter '^IntegrationTests\.GoldenTests/'

TEST_LOG ?=

test-failed: ## Run the tests that failed in `make test` once more, each by itself
	@python3 -B Scripts/rerun_failed.py $(if $(TEST_LOG),--log '$(TEST_LOG)') $(test_results) .build/test-notes -- env $(run_tests) --skip-build

# Most integration tests run on the oldest and the newest Node alone by default.
test-all-nodes: tested_nodes = $(NODES)
test-all-nodes: ## Run the integration tests on each of NODES="18 20 22 24 26"
	@Scripts/setup.sh --tests
	@$(MAKE) --no-print-directory build
	@$(run_tests) --filter '^IntegrationTests\.'

fuzz: ## Fuzz what reads files and messages for SECONDS=60
	@Scripts/fuzz.sh '$(SECONDS)'

DUMPS ?= 200
LIMITS ?= 300
KILLS ?= 50
STRESS_OPTIONS ?=

stress: build ## Dump busy programs, DUMPS=200 of each kind on each of NODES="18 20 22 24 26", LIMITS=300 under limits, KILLS=50 of each kind
	@Scripts/node-versions.sh $(NODES)
	@python3 -B Stress/stress.py --dumps '$(DUMPS)' --checked '$(DUMPS)' --limits '$(LIMITS)' --kills '$(KILLS)' --nodes $(NODES) \
		$(STRESS_OPTIONS)

demo: setup build ## Dump the heap of a server that leaks, and show what does
	@Scripts/demo.sh

PAIRS ?= 3
BENCH_OPTIONS ?=

bench: build ## Compare heapdump with bare V8, JSON.parse, cat, node and DevTools (PAIRS=3 NODES="22 24" BENCH_OPTIONS=--markdown)
	@Scripts/setup.sh --tests
	@Scripts/node-versions.sh $(NODES) 24
	@python3 Bench/bench.py --pairs $(PAIRS) --nodes $(NODES) $(BENCH_OPTIONS)

estimates: build ## Measure what dumps of varied heaps cost, against the estimates (NODES="22 24")
	@Scripts/node-versions.sh $(NODES)
	@python3 -B Bench/estimates.py --nodes $(NODES)

check: ## Check format, warnings, the release binary and the scripts
	@Scripts/setup.sh --tests
	@$(MAKE) --no-print-directory build
	@Scripts/check.sh

install: ## Install what `make build` made under PREFIX (/usr/local); DESTDIR is honoured
	@test -x $(binary) || { echo 'make: run make build first' >&2; exit 1; }
	@install -d '$(bindir)' '$(docdir)'
	@install -m 755 $(binary) '$(bindir)/heapdump'
	@install -d '$(nodedir)'
	@install -m 644 $(addon_files:%=$(addon)/%) $(addon)/heapdump.node LICENSE '$(nodedir)'
	@install -m 644 LICENSE $(wildcard README.md) '$(docdir)'
	@if [ -f docs/heapdump.1 ]; then install -d '$(mandir)' && install -m 644 docs/heapdump.1 '$(mandir)'; fi

uninstall: ## Remove what `make install` put there
	@rm -f '$(bindir)/heapdump' '$(docdir)/LICENSE' '$(docdir)/README.md' '$(mandir)/heapdump.1'
	@rm -f $(patsubst %,'$(nodedir)/%',$(addon_files) heapdump.node LICENSE)
	@for directory in '$(docdir)' '$(nodedir)' '$(dir $(nodedir))'; do \
	    if [ -d "$$directory" ]; then rmdir --ignore-fail-on-non-empty "$$directory"; fi; \
	done

clean: ## Remove all that was built or downloaded here
	@rm -rf .build
