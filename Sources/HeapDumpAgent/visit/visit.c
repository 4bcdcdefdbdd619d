#define _GNU_SOURCE
#include "visit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../filter.h"
#include "../fork.h"
#include "../got.h"
#include "../heap.h"
#include "../proc.h"
#include "../status.h"

#define EXPORTED __attribute__((visibility("default")))
#define FROM_V8(name) __asm__(name) __attribute__((weak))

enum { PATIENCE_US = 3000 };
// How many descriptors the copy closes if it has none left.
enum { NEEDED_DESCRIPTORS = 12 };

// Sources/SnapshotWriter/Methods/Ptrace/VisitRecord.swift has the same offsets.
_Static_assert(offsetof(struct visit, isolate) == 40 && offsetof(struct visit, copy_state) == 88, "numbers");
_Static_assert(offsetof(struct visit, asks) == 152 && offsetof(struct visit, busy) == 160, "numbers");
_Static_assert(offsetof(struct visit, step) == 176 && offsetof(struct visit, copy_error) == 224, "texts");
_Static_assert(sizeof(struct visit) == 736, "size");

typedef struct isolate isolate;

extern isolate *try_get_current(void) FROM_V8("_ZN2v87Isolate13TryGetCurrentEv");
extern void request_interrupt(isolate *self, void (*callback)(isolate *, void *), void *data)
    FROM_V8("_ZN2v87Isolate16RequestInterruptEPFvPS0_PvES2_");

static void set_state(int64_t *place, int64_t value) { __atomic_store_n(place, value, __ATOMIC_RELEASE); }

// The copy has the same number of descriptors in use as the process. It needs none of them.
static void make_room(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    int closed = 0;
    for (int number = (int)limit.rlim_cur - 1; number > 2 && closed < NEEDED_DESCRIPTORS; number--) closed += close(number) == 0;
}

static int open_pipes(struct child_options *options) {
    int output[2], go[2];
    for (int i = 0; i < 2; i++) {
        int *pipe = i == 0 ? output : go;
        if (pipe2(pipe, O_CLOEXEC) == 0) continue;
        if (errno != EMFILE) return errno;
        make_room();
        if (pipe2(pipe, O_CLOEXEC) != 0) return errno;
    }
    options->output_reader = output[0];
    options->output = output[1];
    options->go = go[0];
    options->go_writer = go[1];
    return 0;
}

// heapdump holds the other end of the pipe: its end, whatever it is, is the copy's.
static void end_with_asker(int pipe) {
    fcntl(pipe, F_SETOWN, (int)syscall(SYS_getpid));
    fcntl(pipe, F_SETFL, fcntl(pipe, F_GETFL) | O_ASYNC);
}

__attribute__((noreturn)) static void fail(struct visit *visit, const char *step, int error, enum child_status status) {
    status_format_error(visit->copy_error, sizeof visit->copy_error, step, error);
    _exit(status);
}

static void measure(struct visit *visit) {
    struct heap_sizes sizes;
    if (heap_measure(&sizes)) {
        visit->heap_small = (int64_t)sizes.small;
        visit->heap_large = (int64_t)sizes.large;
    }
    set_state(&visit->copy_state, COPY_IS_MEASURED);
}

// If no descriptor is left, a file cannot be read, and would look empty.
static void ensure_room(void) {
    int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (file >= 0) close(file);
    else if (errno == EMFILE) make_room();
}

__attribute__((noreturn)) static void become_copy(struct visit *visit) {
    ensure_room();
    // At once: should heapdump be killed, the next one tells by it whose end nobody has awaited.
    proc_name_thread("heapdump-fork");
    struct child_options options = {
        .status_reader = -1,
        .is_filtered = filter_is_on(),
        .watchdog_seconds = visit->watchdog_seconds,
        .memory_bytes = visit->memory_bytes,
        .niceness = (int)visit->niceness,
    };
    const char *step = "setitimer";
    int code = child_begin(&options);
    if (code) fail(visit, step, code, CHILD_NOT_SET_UP);
    code = open_pipes(&options);
    if (code) fail(visit, "pipe2", code, CHILD_NOT_SET_UP);
    if (got_make_single_threaded() == 0) fail(visit, "dl_iterate_phdr", ENOEXEC, CHILD_NOT_SET_UP);
    visit->output_reader = options.output_reader;
    visit->go_writer = options.go_writer;
    set_state(&visit->copy_state, COPY_HAS_PIPES);
    if (!child_await_claim(&options)) _exit(CHILD_NOT_BEGUN);
    measure(visit);
    code = child_set_up(&options, &step);
    if (code) fail(visit, step, code, CHILD_NOT_SET_UP);
    if (!child_await_go(&options)) _exit(CHILD_NOT_BEGUN);
    end_with_asker(options.go);
    code = heap_write_snapshot(options.output);
    if (code) fail(visit, "write", code, CHILD_THREW);
    _exit(CHILD_DONE);
}

EXPORTED void visit_fork(struct visit *visit) {
    int before = errno;
    set_state(&visit->state, VISIT_RUNS);
    const struct dontfork given = {.ranges = (struct dontfork_range *)visit->ranges, .count = visit->range_count};
    struct fork_options how = {
        .patience_us = PATIENCE_US, .force = (int)visit->force, .given = visit->ranges ? &given : NULL};
    struct fork_result fork = fork_calmly(&how);
    if (fork.pid == 0) become_copy(visit);
    visit->pid = fork.pid < 0 ? 0 : fork.pid;
    visit->error = fork.pid < 0 ? fork.error : 0;
    visit->stall_us = fork.stall_us;
    visit->was_calm = fork.was_calm;
    memcpy(visit->busy, fork.busy, sizeof visit->busy);
    snprintf(visit->step, sizeof visit->step, "%s", fork.pid < 0 && fork.step ? fork.step : "");
    set_state(&visit->state, VISIT_DONE);
    errno = before;
}

static void on_interrupt(isolate *self, void *data) {
    (void)self;
    struct visit *visit = data;
    bool is_wanted = !visit->is_cancelled;
    if (is_wanted) visit_fork(visit);
    set_state(&visit->calls, visit->calls + 1);
}

EXPORTED void visit_find_isolate(struct visit *visit) {
    visit->isolate = try_get_current ? (uint64_t)try_get_current() : 0;
    set_state(&visit->state, VISIT_DONE);
}

EXPORTED void visit_ask(struct visit *visit) {
    int before = errno;
    request_interrupt((isolate *)visit->isolate, on_interrupt, visit);
    errno = before;
}
