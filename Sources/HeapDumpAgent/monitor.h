// A thread that waits for a child's end.
#ifndef HEAPDUMP_MONITOR_H
#define HEAPDUMP_MONITOR_H

#include <stdbool.h>
#include <sys/types.h>

struct child_end {
    // -1 where a signal ended it, or where the application has reaped it.
    int exit_status;
    int signal;
    long cpu_ms, peak_kb;
    // Why the monitor ended it; NULL where it did not.
    const char *killed_because;
};

struct monitor_options {
    pid_t pid;
    // The writing end of a pipe; when its readers are gone, nobody wants the dump. -1 for none.
    int reader_watch;
    // How long the child may neither use CPU time nor end, in seconds; 0 for any time.
    int stall_seconds;
    // After which SIGALRM ends the child, in seconds; 0 if a timer of the child's own does that.
    long watchdog_seconds;
    // Whether to wait by a pidfd, which a seccomp filter that is older than the call may end the process for.
    bool uses_pidfd;
};

// Waits until the child has ended, reaps it, and ends it where it is of no use.
struct child_end monitor_child(const struct monitor_options *options);

// Whether a pipe whose writing end this is has no reader any more.
int monitor_reader_is_gone(int writer);

#endif
