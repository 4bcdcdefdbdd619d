// What the forked child makes of itself before it dumps.
#ifndef HEAPDUMP_CHILD_H
#define HEAPDUMP_CHILD_H

#include <stdbool.h>

// How the child ends; the parent and heapdump tell by it what happened.
enum child_status {
    CHILD_DONE = 0,
    // V8 threw: the text is in `child_report`.
    CHILD_THREW = 70,
    CHILD_NOT_SET_UP = 71,
    // Nobody gave the word to begin.
    CHILD_NOT_BEGUN = 75,
    // It came to wait for a thread that it does not have: another fork, another moment.
    CHILD_MUST_WAIT = 77,
};

// Memory shared with the parent.
struct child_report {
    char error[512];
};

struct child_options {
    // Where the snapshot goes: the writing end of a pipe, or a file.
    int output;
    // The asker's two words come from here, see child_await_claim and child_await_go; -1 where none is needed.
    int go;
    // The pipes' other ends, which whoever asked for the dump opens by their path under /proc; -1 for none.
    int output_reader, go_writer, status_reader;
    // A seccomp filter may end the child for system calls that Node does not make.
    bool is_filtered;
    // After which SIGALRM ends the child, whatever it does.
    long watchdog_seconds;
    // How much memory of its own it may have beside what it was forked with; 0 for any.
    long long memory_bytes;
    // As for setpriority(2); NICENESS_ABOVE for a bit more than the parent's.
    int niceness;
};

enum { NICENESS_ABOVE = 1000 };

// To be called first of all: no handler of the application's runs from here on, and whatever goes wrong, the child ends.
// Returns 0 or an errno.
int child_begin(const struct child_options *options);

// Sets the process up: alone, harmless, the first to go when memory is short, and bound to end.
// Returns 0, or an errno with `step` naming what could not be done.
int child_set_up(const struct child_options *options, const char **step);

// Waits for the first byte through the pipe `go`: the asker has opened all pipes. To be called before anything that may end the
// child, so that the asker is told how it ended. Returns whether the byte came.
int child_await_claim(const struct child_options *options);

// Lets go of the pipes' other ends, so that the child notices when the asker is gone, and waits for the second byte: the word to
// begin. Returns whether it came.
int child_await_go(const struct child_options *options);

// Removes the file that the snapshot should have been in, whatever its name is by now. Whoever asked for it may be gone.
void child_discard_output(const struct child_options *options);

#endif
