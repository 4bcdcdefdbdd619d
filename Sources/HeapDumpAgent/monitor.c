#define _GNU_SOURCE
#include "monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

// How often to look where the kernel has no pidfd, and where CPU time is watched, in milliseconds.
enum { LOOK_MS = 20, WATCH_MS = 500 };

int monitor_reader_is_gone(int writer) {
    struct pollfd pipe = {.fd = writer};
    return writer >= 0 && poll(&pipe, 1, 0) == 1 && (pipe.revents & POLLERR);
}

// State and CPU time in clock ticks, from the text after the name: "S 1 …", where utime and stime are the 12th and the
// 13th number after the state. Returns 0 where the process is gone.
static char look_at(pid_t pid, unsigned long *ticks) {
    char path[32], text[512], state = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    if (count <= 0) return 0;
    text[count] = '\0';
    const char *field = strrchr(text, ')');
    if (!field || !field[1] || !field[2]) return 0;
    state = field[2];
    field += 2;
    *ticks = 0;
    for (int number = 1; (field = strchr(field, ' ')); number++) {
        field++;
        if (number != 11 && number != 12) continue;
        unsigned long value = 0;
        for (const char *digit = field; *digit >= '0' && *digit <= '9'; digit++) value = value * 10 + (unsigned long)(*digit - '0');
        *ticks += value;
    }
    return state;
}

// Notices a child that sleeps and does nothing: of what it could wait for, nothing is left.
struct stall {
    unsigned long ticks;
    long since_us;
};

static int is_stalled(struct stall *stall, const struct monitor_options *options) {
    if (!options->stall_seconds) return 0;
    unsigned long ticks = 0;
    char state = look_at(options->pid, &ticks);
    if (state != 'S' || ticks != stall->ticks || !stall->since_us) {
        stall->ticks = ticks;
        stall->since_us = clock_us();
    }
    return clock_us() - stall->since_us > options->stall_seconds * 1000000L;
}

static int reap(pid_t pid, struct child_end *end) {
    int status = 0;
    struct rusage usage;
    pid_t result = wait4(pid, &status, WNOHANG | __WALL, &usage);
    if (result == 0 || (result < 0 && errno == EINTR)) return 0;
    end->exit_status = -1;
    // An application that waits for any child at all may have been faster.
    if (result < 0) return 1;
    if (WIFEXITED(status)) end->exit_status = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) end->signal = WTERMSIG(status);
    end->cpu_ms = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000L +
        (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
    end->peak_kb = usage.ru_maxrss;
    return 1;
}

struct child_end monitor_child(const struct monitor_options *options) {
    struct child_end end = {0};
    struct stall stall = {0};
    struct pollfd watched[] = {
        {.fd = options->uses_pidfd ? (int)syscall(SYS_pidfd_open, options->pid, 0) : -1, .events = POLLIN},
        {.fd = options->reader_watch},
    };
    int step = watched[0].fd < 0 ? LOOK_MS : options->stall_seconds || options->watchdog_seconds ? WATCH_MS : -1;
    long start = clock_us();
    while (!reap(options->pid, &end)) {
        poll(watched, 2, step);
        if (options->watchdog_seconds && clock_us() - start > options->watchdog_seconds * 1000000L) kill(options->pid, SIGALRM);
        const char *reason = watched[1].revents & POLLERR ? "nobody reads it" : is_stalled(&stall, options) ? "it stood still" : NULL;
        if (!reason || end.killed_because) continue;
        end.killed_because = reason;
        kill(options->pid, SIGKILL);
        // Known now; what remains to be awaited is the end.
        watched[1].fd = -1;
    }
    if (watched[0].fd >= 0) close(watched[0].fd);
    return end;
}
