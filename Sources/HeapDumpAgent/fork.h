// One try: a fork at a calm moment, with all that V8 needs in the child.
#ifndef HEAPDUMP_FORK_H
#define HEAPDUMP_FORK_H

#include <sys/types.h>

#include "calm.h"
#include "dontfork.h"

struct fork_result {
    // 0 in the child, -1 where there is none.
    pid_t pid;
    // EBUSY where no moment was calm, another errno where something failed, and then its name.
    int error;
    const char *step;
    // A thread that was running, where one was.
    char busy[CALM_NAME_SIZE];
    // Whether all other threads slept. Where they did not, V8 may have been collecting garbage, and the child's heap be
    // incomplete.
    int was_calm;
    // For how long the calling thread stood still, in microseconds.
    long stall_us;
};

struct fork_options {
    // How long to wait for a calm moment, in microseconds.
    long patience_us;
    // Forks in any moment.
    int force;
    // What was found from outside while the thread stood and all others slept; NULL to look here, which takes descriptors.
    const struct dontfork *given;
};

struct fork_result fork_calmly(const struct fork_options *options);

#endif
