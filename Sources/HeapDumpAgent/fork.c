#define _GNU_SOURCE
#include "fork.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "dontfork.h"

// glibc's; other libraries do not have it.
extern const char *gnu_get_libc_version(void) __attribute__((weak));

// musl, and glibc before 2.25, remember a thread's id, and raise(3) sends its signal there: the abort of a child that was
// not made by their own fork would end its parent.
static int libc_asks_for_its_id(void) {
    if (!gnu_get_libc_version) return 0;
    int major = 0, minor = 0;
    return sscanf(gnu_get_libc_version(), "%d.%d", &major, &minor) == 2 && (major > 2 || (major == 2 && minor >= 25));
}

// At a calm moment no thread holds a lock of libc's, and the bare system call will do: the child then ends without
// SIGCHLD, and is no child to whoever waits for any, so that the application does not notice it. In any other moment
// the locks have to be brought over by libc's own fork, and those of replaced allocators with it (pthread_atfork).
static pid_t fork_quietly(int is_calm) {
    if (!is_calm || !libc_asks_for_its_id()) return fork();
    pid_t pid = (pid_t)syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L);
    // An emulated kernel may know no child without a signal at its end.
    return pid < 0 && errno == EINVAL ? fork() : pid;
}

static void fork_with(const struct dontfork *memory, int is_calm, struct fork_result *result) {
    // A handler of the application's must not run in the child; that unblocks them once it has none.
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    dontfork_allow(memory);
    result->pid = fork_quietly(is_calm);
    if (result->pid == 0) return;
    result->error = result->pid < 0 ? errno : 0;
    result->step = "fork";
    dontfork_restore(memory, is_calm);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

struct fork_result fork_calmly(const struct fork_options *options) {
    struct fork_result result = {.pid = -1, .step = "/proc/self/task"};
    long start = clock_us();
    if (options->given) {
        fork_with(options->given, 1, &result);
        result.was_calm = 1;
        if (result.pid != 0) result.stall_us = clock_us() - start;
        return result;
    }
    result.error = calm_await(options->patience_us, result.busy);
    int is_calm = !result.error;
    if (is_calm || (result.error == EBUSY && options->force)) {
        struct dontfork memory = {0};
        result.step = "/proc/self/maps";
        result.error = dontfork_find(&memory);
        // Finding it takes some milliseconds, in which a thread may have begun to mark objects: those that it has seen and not
        // worked through would be missing in the child.
        if (!result.error && is_calm && !calm_lasts(result.busy)) {
            is_calm = 0;
            if (!options->force) result.error = EBUSY;
        }
        if (!result.error) fork_with(&memory, is_calm, &result);
        result.was_calm = is_calm;
        if (result.pid == 0) return result;
        dontfork_release(&memory);
    }
    result.stall_us = clock_us() - start;
    return result;
}
