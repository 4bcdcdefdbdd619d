#include "fork.h"

#include <errno.h>
#include <unistd.h>

#include "clock.h"
#include "dontfork.h"

static void fork_with(struct dontfork *memory, struct fork_result *result) {
    dontfork_allow(memory);
    // libc's own, which brings its locks and those of replaced allocators over (pthread_atfork).
    result->pid = fork();
    if (result->pid == 0) return;
    result->error = result->pid < 0 ? errno : 0;
    result->step = "fork";
    dontfork_restore(memory);
}

struct fork_result fork_calmly(const struct fork_options *options) {
    struct fork_result result = {.pid = -1};
    long start = clock_us();
    result.step = "/proc/self/task";
    result.error = calm_await(options->patience_us, result.busy);
    if (!result.error || (result.error == EBUSY && options->force)) {
        struct dontfork memory = {0};
        result.step = "/proc/self/maps";
        result.error = options->has_dontfork ? dontfork_find(&memory) : 0;
        if (!result.error) fork_with(&memory, &result);
        if (result.pid == 0) return result;
        dontfork_release(&memory);
    }
    result.stall_us = clock_us() - start;
    return result;
}
