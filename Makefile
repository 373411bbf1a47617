# make          compiles build/stanced                    make asan, tsan   the tests under sanitizers
# make demo     set-up, build, the whole stream once      make fuzz      libFuzzer, FUZZ_SECONDS a target
# make test     what needs no Java                        make arm       the kernels for 64-bit ARM, under qemu
# make test-kafka   against a real broker                 make bench     tests/bench: table and plots (BENCH=--peers: others too)
# make test-web     the pages, in headless Chromium       make chaos, test-deploy, test-prometheus, test-neighbours, test-readme
# make deb, model, layers,, clean, install    DESTDIR, PREFIX; V=1 shows the commands
VERSION := 0.1.0
BUILD ?= build
DEPS ?= build/deps
PREFIX ?= /usr/local
CC ?= cc
CFLAGS ?= -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
LDFLAGS ?= -Wl,-z,relro,-z,now
PROTOC_C ?= protoc-c
PKG_CONFIG ?= pkg-config
FUZZ_SECONDS ?= 60
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' $(1) '$(2)')

# A system librdkafka that is new enough, else the one that deploy/librdkafka.sh builds.
RDKAFKA_CFLAGS := $(shell deploy/librdkafka.sh --cflags $(DEPS))
RDKAFKA_LIBS := $(shell deploy/librdkafka.sh --libs $(DEPS))
RDKAFKA_FILE := $(filter %.a,$(RDKAFKA_LIBS))
LDLIBS := -Wl,--as-needed $(RDKAFKA_LIBS) -lcrypto -ljansson -lprotobuf-c -lyaml -lgumbo -lutf8proc -lxxhash -lmicrohttpd -lcurl -lz -lpthread -lm
WARNINGS = -Wall -Wextra -Wconversion -Wsign-conversion $(WARNINGS_MORE) $(if $(filter true,$(CI)),-Werror)
FLAGS = -std=c17 -D_GNU_SOURCE -DSTANCED_VERSION='"$(VERSION)"' -I. -isystem $(BUILD) $(RDKAFKA_CFLAGS) $(WARNINGS) $(CFLAGS)

SOURCES := $(shell find processor -name '*.c')
PROTOS := $(wildcard schemas/*.proto)
GENERATED := $(PROTOS:%.proto=$(BUILD)/%.pb-c.c)
OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out processor/main.c,$(SOURCES))) $(GENERATED:.c=.o)
UNIT := $(patsubst %.c,$(BUILD)/%,$(shell find tests/unit -name 'test_*.c'))
STRESS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/stress/*.c))
FUZZ := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
TOOLS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/kafka/*.c tests/embedded/*.c tests/bench/*.c))
FAULTS := $(patsubst %.c,$(BUILD)/faults/%.o,$(shell grep -rl 'runtime/fault\.h' --include='*.c' processor))
ARCHIVE := $(BUILD)/libstanced.a

.PHONY: all tests stress fuzzers setup test test-kafka chaos test-web test-deploy test-prometheus test-neighbours test-readme demo install deb clean asan tsan fuzz arm bench model layers
.SECONDARY:
.DELETE_ON_ERROR:

all: $(BUILD)/stanced
tests: $(UNIT) $(STRESS) $(FUZZ) $(TOOLS) $(BUILD)/tests/stanced-faults
stress: $(STRESS)
fuzzers: $(FUZZ)
all tests stress fuzzers: ; @:

$(ARCHIVE): $(OBJECTS)
	$(call say,ARCHIVE,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c Makefile | $(GENERATED) $(RDKAFKA_FILE)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(FLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/processor/web/files.o: $(wildcard processor/web/*.html processor/web/*.css processor/web/*.js processor/web/*.svg)

# The program that can be made to fail (processor/runtime/fault.h), for tests.
$(BUILD)/faults/%.o: %.c Makefile | $(GENERATED) $(RDKAFKA_FILE)
	$(Q)mkdir -p $(@D) && $(CC) $(FLAGS) -DSTANCED_FAULTS -MMD -MP -c -o $@ $<

$(BUILD)/schemas/%.pb-c.o: $(BUILD)/schemas/%.pb-c.c | $(GENERATED)
	$(call say,CC,$<)
	$(Q)$(CC) -std=gnu17 -I$(BUILD) $(CFLAGS) -w -c -o $@ $<

$(BUILD)/schemas/%.pb-c.c: schemas/%.proto $(PROTOS)
	$(call say,PROTOC,$<)
	$(Q)mkdir -p $(BUILD)/schemas && $(PROTOC_C) --c_out=$(BUILD) $<

# Criterion's own macros convert. Fuzz targets are plain programs that run their corpus; with FUZZ_FLAGS libFuzzer brings its own main.
$(BUILD)/tests/unit/%.o: WARNINGS += -Wno-conversion -Wno-sign-conversion
$(UNIT): LINK_MORE := -lcriterion
$(FUZZ): LINK_MORE := $(FUZZ_FLAGS)
$(FUZZ): $(if $(FUZZ_FLAGS),,$(BUILD)/tests/fuzz/replay.o)
$(BUILD)/stanced $(BUILD)/tests/stanced-faults: $(BUILD)/processor/main.o
$(BUILD)/tests/stanced-faults: $(FAULTS)
$(UNIT) $(FUZZ) $(STRESS) $(TOOLS) $(BUILD)/deploy/manual: %: %.o
$(BUILD)/stanced $(BUILD)/tests/stanced-faults $(UNIT) $(FUZZ) $(STRESS) $(TOOLS) $(BUILD)/deploy/manual: $(ARCHIVE)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(ARCHIVE) $(LINK_MORE) $(LDLIBS)

$(BUILD)/stanced.1: deploy/stanced.1.in $(BUILD)/deploy/manual
	$(call say,MANUAL,$@)
	$(Q)$(BUILD)/deploy/manual <$< >$@

$(DEPS)/lib/librdkafka.a: ; deploy/librdkafka.sh --build $(DEPS)
setup: ; $(Q)DEPS=$(DEPS) deploy/setup.sh $(SETUP)

test-kafka chaos: SETUP := kafka
bench: SETUP := $(if $(filter --peers --stream,$(BENCH)),kafka)
test-web: SETUP := web
test-deploy: SETUP := deploy
test-prometheus: SETUP := prometheus
test-neighbours: SETUP := kafka neighbours
test-readme: SETUP := kafka
test test-kafka test-web test-deploy test-prometheus test-neighbours test-readme: setup
	$(Q)$(MAKE) --no-print-directory -j2 all tests
	$(Q)tests/run.sh $(BUILD) $(patsubst test-%,%,$(filter test-%,$@))

chaos: setup
	$(Q)$(MAKE) --no-print-directory -j2 all tests
	$(Q)python3 tests/kafka/chaos $(BUILD) --seed $(or $(SEED),1) \
	--minutes $(or $(MINUTES),3) --nodes $(or $(NODES),1) --delivery $(or $(DELIVERY),exactly_once) $(CHAOS)

demo: setup
	$(Q)$(MAKE) --no-print-directory -j2 all
	$(Q)$(BUILD)/stanced demo --once

# One build folder a flavour. UBSan makes gcc warn of paths that cannot be; the plain flavour is the one to read.
asan: setup
	$(Q)$(MAKE) --no-print-directory -j2 BUILD=$(BUILD)/asan DEPS=$(DEPS) WARNINGS_MORE='-Wno-format-truncation -Wno-maybe-uninitialized' \
	  CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all' all tests
	$(Q)tests/run.sh $(BUILD)/asan

tsan: setup
	$(Q)$(MAKE) --no-print-directory -j2 BUILD=$(BUILD)/tsan DEPS=$(DEPS) CFLAGS='-O1 -g -fsanitize=thread' stress
	$(Q)tests/run.sh $(BUILD)/tsan stress

fuzz: SETUP := fuzz
fuzz: setup
	$(Q)$(MAKE) --no-print-directory -j2 BUILD=$(BUILD)/fuzz DEPS=$(DEPS) CC=clang FUZZ_FLAGS=-fsanitize=fuzzer \
	  CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all' fuzzers
	$(Q)tests/fuzz/run.sh $(BUILD)/fuzz $(FUZZ_SECONDS)

arm: SETUP := arm
arm: setup
	$(Q)tests/run.sh $(BUILD) arm

bench: setup
	$(Q)$(MAKE) --no-print-directory -j2 all tests
	$(Q)tests/bench/bench.py --build $(BUILD) $(BENCH)

layers: ; $(Q)tests/layers.sh
model: ; $(Q)$(MAKE) --no-print-directory -C training model

install: all $(BUILD)/stanced.1
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/stanced/models $(DESTDIR)$(PREFIX)/share/stanced/schemas $(DESTDIR)$(PREFIX)/share/stanced/demo
	install -m 755 $(BUILD)/stanced $(DESTDIR)$(PREFIX)/bin/stanced
	install -m 644 $(wildcard models/*.bin models/*.md models/NOTICE) $(DESTDIR)$(PREFIX)/share/stanced/models
	install -m 644 $(PROTOS) $(wildcard schemas/*.json) $(DESTDIR)$(PREFIX)/share/stanced/schemas
	cp -R tests/cases/demo/. $(DESTDIR)$(PREFIX)/share/stanced/demo
	install -D -m 644 $(BUILD)/stanced.1 $(DESTDIR)$(PREFIX)/share/man/man1/stanced.1
	install -D -m 644 deploy/stanced.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/stanced
deb: all $(BUILD)/stanced.1 ; $(Q)DEPS=$(DEPS) deploy/deb.sh $(BUILD) $(VERSION)

clean: ; rm -rf $(filter-out $(DEPS),$(wildcard $(BUILD)/*))

-include $(OBJECTS:.o=.d) $(FAULTS:.o=.d) $(addsuffix .d,$(BUILD)/processor/main $(BUILD)/tests/fuzz/replay $(UNIT) $(STRESS) $(FUZZ) $(TOOLS))
