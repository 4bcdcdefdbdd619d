#define _GNU_SOURCE
#include "dump.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "filter.h"
#include "fork.h"
#include "got.h"
#include "heap.h"
#include "monitor.h"
#include "proc.h"
#include "status.h"
#include "values.h"
#include "wake.h"

// A fork has to be made by the JavaScript thread; waiting for its end must not be, for that thread may be busy for long.
// So the two take turns: the JavaScript thread tries, then a thread waits for the child's end (or for another moment)
// and wakes the JavaScript thread. That one may never come: whatever nobody needs any more, the thread gives back itself.

enum {
    PATIENCE_US = 3000,
    // Between two looks for a calm moment, and how many of them are in vain before any moment will do.
    PAUSE_MS = 10,
    MOST_REFUSALS = 30,
    // How often a thread whose turn is over looks whether the JavaScript thread has taken over.
    TURN_MS = 100,
    STACK_BYTES = 256 << 10,
};

struct dump {
    napi_env env;
    napi_ref write, callback, handle;
    // Of `callback`.
    napi_async_context context;
    struct wake *wake;
    struct dump_options options;
    bool is_filtered;
    // Writing end of the pipe that tells how it goes; -1 where there is none.
    int status;
    struct child_report *report;
    // What was in the report of the last child.
    struct child_report last_report;
    int attempt, refusals;
    // 0 where the thread only passes time.
    pid_t child;
    struct child_end end;
    int error;
    const char *step;
    bool retries;
    // Guards what follows: threads may live longer than the environment.
    pthread_mutex_t lock;
    int threads;
    // Raised whenever the JavaScript thread comes after it was woken.
    unsigned turn;
    // It has not come, and nobody waits for the dump any more.
    bool is_abandoned;
    bool is_closed;
};

static void try_again(void *data);

static void close_status(struct dump *dump) {
    if (dump->status >= 0) close(dump->status);
    dump->status = -1;
}

static void unmap_report(struct dump *dump) {
    if (!dump->report) return;
    dump->last_report = *dump->report;
    munmap(dump->report, sizeof *dump->report);
    dump->report = NULL;
}

static void destroy(struct dump *dump) {
    close_status(dump);
    unmap_report(dump);
    pthread_mutex_destroy(&dump->lock);
    free(dump);
}

static void on_closed(void *data) {
    struct dump *dump = data;
    pthread_mutex_lock(&dump->lock);
    dump->is_closed = true;
    bool is_last = dump->threads == 0;
    pthread_mutex_unlock(&dump->lock);
    if (is_last) destroy(dump);
}

// Worker threads end with their environment while the rest of the process lives on.
static void on_env_gone(void *data) {
    struct dump *dump = data;
    pthread_mutex_lock(&dump->lock);
    struct wake *wake = dump->wake;
    dump->wake = NULL;
    pthread_mutex_unlock(&dump->lock);
    if (wake) wake_close(wake);
}

static const struct wake_callbacks wake_callbacks = {try_again, on_env_gone, on_closed};

static void delete_references(struct dump *dump) {
    napi_ref references[] = {dump->write, dump->callback, dump->handle};
    for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
        if (references[i]) napi_delete_reference(dump->env, references[i]);
    }
    if (dump->context) napi_async_destroy(dump->env, dump->context);
    dump->context = NULL;
}

static struct dump *create(
    napi_env env, const struct dump_options *options, napi_value write, napi_value callback, napi_value handle) {
    struct dump *dump = calloc(1, sizeof *dump);
    if (!dump) return NULL;
    dump->env = env;
    dump->options = *options;
    dump->status = -1;
    pthread_mutex_init(&dump->lock, NULL);
    void *shared = mmap(NULL, sizeof *dump->report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    dump->report = shared == MAP_FAILED ? NULL : shared;
    dump->is_filtered = filter_is_on();
    napi_value name;
    bool is_ready = dump->report && napi_create_reference(env, write, 1, &dump->write) == napi_ok &&
        napi_create_reference(env, handle, 1, &dump->handle) == napi_ok &&
        (!callback ||
         (napi_create_reference(env, callback, 1, &dump->callback) == napi_ok &&
          napi_create_string_utf8(env, "heapdump", NAPI_AUTO_LENGTH, &name) == napi_ok &&
          napi_async_init(env, NULL, name, &dump->context) == napi_ok));
    if (is_ready) dump->wake = wake_create(env, &wake_callbacks, dump);
    if (dump->wake) return dump;
    delete_references(dump);
    destroy(dump);
    return NULL;
}

// What the application's callback throws is an uncaught exception, as if it had thrown that itself.
static void call_back(napi_env env, napi_async_context context, napi_value callback, napi_value outcome) {
    napi_value receiver, exception;
    if (napi_get_global(env, &receiver) != napi_ok) return;
    if (napi_make_callback(env, context, receiver, callback, 1, &outcome, NULL) != napi_pending_exception) return;
    if (napi_get_and_clear_last_exception(env, &exception) == napi_ok) napi_fatal_exception(env, exception);
}

static napi_value make_outcome(const struct dump *dump) {
    napi_env env = dump->env;
    napi_value outcome;
    if (napi_create_object(env, &outcome) != napi_ok) return NULL;
    set_number(env, outcome, "attempts", dump->attempt);
    set_number(env, outcome, "exitStatus", dump->end.exit_status);
    set_number(env, outcome, "signal", dump->end.signal);
    set_number(env, outcome, "errno", dump->error);
    set_string(env, outcome, "step", dump->step ? dump->step : "");
    set_string(env, outcome, "killedBecause", dump->end.killed_because ? dump->end.killed_because : "");
    set_string(env, outcome, "thrown", dump->last_report.error);
    return outcome;
}

// On the JavaScript thread, with no thread of the dump's that still uses it.
static void finish(struct dump *dump) {
    unmap_report(dump);
    napi_env env = dump->env;
    napi_value callback = NULL, outcome = NULL;
    if (dump->callback && napi_get_reference_value(env, dump->callback, &callback) == napi_ok) outcome = make_outcome(dump);
    napi_async_context context = dump->context;
    dump->context = NULL;
    delete_references(dump);
    on_env_gone(dump);
    if (outcome) call_back(env, context, callback, outcome);
    if (context) napi_async_destroy(env, context);
}

// Whether another child could do better.
static bool may_succeed_next_time(const struct child_end *end) {
    if (end->exit_status == CHILD_MUST_WAIT || end->exit_status == CHILD_NOT_BEGUN) return true;
    // SIGALRM is the watchdog's: there was time enough. SIGKILL that is not ours is the OOM killer's, most likely, and
    // another child would need as much memory. SIGSYS is a seccomp filter's, and the next child's would be the same. Any other is
    // a crash, or ends a child that stood still.
    return end->signal != 0 && end->signal != SIGALRM && end->signal != SIGSYS && (end->signal != SIGKILL || end->killed_because);
}

static void supervise_child(struct dump *dump) {
    struct monitor_options options = {
        .pid = dump->child,
        .reader_watch = dump->status,
        .stall_seconds = dump->options.stall_seconds,
        .watchdog_seconds = dump->is_filtered ? dump->options.watchdog_seconds : 0,
        .uses_pidfd = !dump->is_filtered,
    };
    dump->end = monitor_child(&options);
    dump->retries = dump->attempt < dump->options.attempts && may_succeed_next_time(&dump->end) &&
        !monitor_reader_is_gone(dump->status);
    // From here and not from the JavaScript thread, which may be busy for long.
    status_report_end(dump->status, dump->attempt, &dump->end, dump->report->error, dump->retries);
    if (dump->retries) return;
    close_status(dump);
    unmap_report(dump);
}

// Returns whether there is nothing more to wait for.
static bool look_for_turn(struct dump *dump, unsigned turn, int status) {
    bool is_gone = monitor_reader_is_gone(status);
    pthread_mutex_lock(&dump->lock);
    bool is_over = dump->turn != turn || !dump->wake;
    if (!is_over && is_gone) {
        dump->is_abandoned = is_over = true;
        close_status(dump);
        unmap_report(dump);
    }
    pthread_mutex_unlock(&dump->lock);
    return is_over;
}

// The JavaScript thread may never come, and who asked for the dump may give up meanwhile.
static void await_turn(struct dump *dump, unsigned turn, int status) {
    struct pollfd reader = {.fd = status};
    while (!look_for_turn(dump, turn, status)) poll(&reader, 1, TURN_MS);
}

static void *supervise(void *data) {
    struct dump *dump = data;
    proc_name_thread("heapdump-wait");
    if (dump->child) supervise_child(dump);
    else nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000 * 1000}, NULL);
    pthread_mutex_lock(&dump->lock);
    int status = dump->status;
    unsigned turn = dump->turn;
    if (dump->wake) wake_send(dump->wake);
    pthread_mutex_unlock(&dump->lock);
    if (status >= 0) await_turn(dump, turn, status);
    pthread_mutex_lock(&dump->lock);
    bool is_last = --dump->threads == 0 && dump->is_closed;
    pthread_mutex_unlock(&dump->lock);
    if (is_last) destroy(dump);
    return NULL;
}

// Returns 0 or an errno.
static int start_thread(struct dump *dump) {
    pthread_attr_t attributes;
    pthread_t thread;
    // The application's handlers are for its own threads.
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_mutex_lock(&dump->lock);
    dump->threads++;
    pthread_mutex_unlock(&dump->lock);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = pthread_create(&thread, &attributes, supervise, dump);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (!code) return 0;
    pthread_mutex_lock(&dump->lock);
    dump->threads--;
    pthread_mutex_unlock(&dump->lock);
    return code;
}

// No other child follows one that ends so.
__attribute__((noreturn)) static void give_up(const struct child_options *options, enum child_status status) {
    child_discard_output(options);
    _exit(status);
}

__attribute__((noreturn)) static void write_natively(struct dump *dump, const struct child_options *options) {
    int code = heap_write_snapshot(options->output);
    if (!code) _exit(CHILD_DONE);
    status_format_error(dump->report->error, sizeof dump->report->error, "write", code);
    give_up(options, CHILD_THREW);
}

// In the child; never returns.
static void write_snapshot(struct dump *dump, const struct child_options *options) {
    const char *step = "setitimer";
    int code = child_begin(options);
    if (!code && got_make_single_threaded() == 0) give_up(options, CHILD_NOT_SET_UP);
    if (!code && !child_await_claim(options)) _exit(CHILD_NOT_BEGUN);
    if (!code) code = child_set_up(options, &step);
    if (code) {
        status_format_error(dump->report->error, sizeof dump->report->error, step, code);
        give_up(options, CHILD_NOT_SET_UP);
    }
    if (!child_await_go(options)) _exit(CHILD_NOT_BEGUN);
    // Not again where it was the end of a copy.
    if (dump->options.prefers_native && heap_can_write_snapshot() && dump->end.signal == 0) write_natively(dump, options);
    napi_env env = dump->env;
    napi_value write, undefined, path, result;
    if (napi_get_reference_value(env, dump->write, &write) != napi_ok ||
        napi_get_undefined(env, &undefined) != napi_ok || descriptor_path(env, options->output, &path) != napi_ok)
        give_up(options, CHILD_NOT_SET_UP);
    if (napi_call_function(env, undefined, write, 1, &path, &result) != napi_ok) {
        take_exception(env, dump->report->error, sizeof dump->report->error);
        give_up(options, CHILD_THREW);
    }
    _exit(CHILD_DONE);
}

struct pipes {
    int output[2], go[2], status[2];
};

static void close_all(struct pipes *pipes) {
    int *ends = &pipes->output[0];
    for (int i = 0; i < 6; i++) {
        if (ends[i] >= 0) close(ends[i]);
        ends[i] = -1;
    }
}

static int open_pipes(struct dump *dump, struct pipes *pipes) {
    *pipes = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}};
    if (dump->options.file >= 0) return 0;
    if (pipe2(pipes->output, O_CLOEXEC) != 0 || pipe2(pipes->go, O_CLOEXEC) != 0 ||
        (dump->status < 0 && pipe2(pipes->status, O_CLOEXEC) != 0)) {
        int code = errno;
        close_all(pipes);
        return code;
    }
    if (dump->status < 0) {
        dump->status = pipes->status[1];
        pipes->status[1] = -1;
        // A reader that is stopped must not hold the application up.
        fcntl(dump->status, F_SETFL, O_NONBLOCK);
    }
    return 0;
}

static struct child_options child_options(const struct dump *dump, const struct pipes *pipes) {
    return (struct child_options){
        .output = dump->options.file >= 0 ? dump->options.file : pipes->output[1],
        .output_reader = pipes->output[0],
        .go = pipes->go[0],
        .go_writer = pipes->go[1],
        .status_reader = pipes->status[0],
        .is_filtered = dump->is_filtered,
        .watchdog_seconds = dump->options.watchdog_seconds,
        .memory_bytes = dump->options.memory_bytes,
        .niceness = dump->options.niceness,
    };
}

// One try on the JavaScript thread.
static struct dump_start try_fork(struct dump *dump) {
    struct pipes pipes;
    struct dump_start start = {.output_reader = -1, .go_writer = -1, .status_reader = -1, .step = "pipe2"};
    start.error = open_pipes(dump, &pipes);
    if (start.error) return start;
    dump->report->error[0] = '\0';
    struct child_options options = child_options(dump, &pipes);
    dump->attempt++;
    struct fork_options how = {
        .patience_us = PATIENCE_US,
        .force = dump->options.force || dump->refusals >= MOST_REFUSALS,
    };
    struct fork_result fork = fork_calmly(&how);
    if (fork.pid == 0) write_snapshot(dump, &options);
    memcpy(start.busy, fork.busy, sizeof start.busy);
    start.stall_us = fork.stall_us;
    start.was_calm = fork.was_calm;
    if (fork.pid < 0) {
        dump->attempt--;
        start.error = fork.error;
        start.step = fork.step;
        close_all(&pipes);
        return start;
    }
    start.pid = dump->child = fork.pid;
    start.output_reader = options.output_reader;
    start.go_writer = options.go_writer;
    start.status_reader = options.status_reader;
    // The child has them; here they would only keep it from noticing that the asker is gone.
    close_all(&pipes);
    return start;
}

static void kill_child(struct dump *dump) {
    kill(dump->child, SIGKILL);
    while (waitpid(dump->child, NULL, __WALL) < 0 && errno == EINTR) {}
    dump->child = 0;
}

// Goes on as far as the JavaScript thread has to. Returns whether a thread has taken over.
static bool proceed(struct dump *dump, struct dump_start *start) {
    dump->child = 0;
    dump->retries = false;
    *start = try_fork(dump);
    if (start->error == EBUSY) {
        dump->refusals++;
        if (!dump->options.waits && dump->attempt == 0) return false;
    } else if (start->error) {
        return false;
    }
    int code = start_thread(dump);
    if (!code) {
        if (start->error == EBUSY) start->error = 0;
        return true;
    }
    if (dump->child) kill_child(dump);
    start->pid = 0;
    start->error = code;
    start->step = "pthread_create";
    return false;
}

static void show_child(const struct dump *dump) {
    napi_value handle;
    if (napi_get_reference_value(dump->env, dump->handle, &handle) == napi_ok) {
        set_number(dump->env, handle, "pid", dump->child);
    }
}

// Returns whether a dump is to go on.
static bool take_turn(struct dump *dump) {
    // The thread that woke us may still hold it.
    pthread_mutex_lock(&dump->lock);
    dump->turn++;
    bool goes_on = !dump->is_abandoned && (!dump->child || dump->retries);
    pthread_mutex_unlock(&dump->lock);
    return goes_on && !monitor_reader_is_gone(dump->status);
}

static void go_on(struct dump *dump) {
    if (!take_turn(dump)) {
        finish(dump);
        return;
    }
    struct dump_start start;
    bool goes_on = proceed(dump, &start);
    if (dump->child && goes_on) {
        show_child(dump);
        status_report_fork(dump->status, dump->attempt, &start);
    }
    if (goes_on) return;
    dump->error = start.error;
    dump->step = start.step;
    status_report_failure(dump->status, start.step, start.error);
    finish(dump);
}

static void try_again(void *data) {
    struct dump *dump = data;
    napi_env env = dump->env;
    napi_handle_scope scope;
    if (napi_open_handle_scope(env, &scope) != napi_ok) return;
    go_on(dump);
    napi_close_handle_scope(env, scope);
}

struct dump_start dump_begin(
    napi_env env, const struct dump_options *options, napi_value write, napi_value callback, napi_value handle) {
    struct dump *dump = create(env, options, write, callback, handle);
    struct dump_start start = {.output_reader = -1, .go_writer = -1, .status_reader = -1};
    if (!dump) {
        start.error = ENOMEM;
        start.step = "uv_async_init";
        return start;
    }
    if (!proceed(dump, &start)) {
        // The caller is told at once.
        if (dump->callback) napi_delete_reference(env, dump->callback);
        dump->callback = NULL;
        finish(dump);
    }
    return start;
}
