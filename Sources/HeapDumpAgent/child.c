#define _GNU_SOURCE
#include "child.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "proc.h"

// How long whoever asked for the dump may take to open the pipes, and then to prepare the child.
enum { OPEN_TIMEOUT_MS = 5 * 1000, GO_TIMEOUT_MS = 60 * 1000 };
enum { NICENESS = 5 };

// The application's handlers would act in its name.
static void reset_signals(void) {
    for (int number = 1; number <= 64; number++) signal(number, SIG_DFL);
    // Meant for the application, should a whole group of processes get them; and a broken pipe is to be an error.
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    // The same of a limit on the size of files.
    signal(SIGXFSZ, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

// Bytes of private writable memory, which is what RLIMIT_DATA counts; 0 where it cannot be read.
static long long data_bytes(void) {
    char text[4096];
    if (!proc_read("/proc/self/status", text, sizeof text)) return 0;
    const char *line = strstr(text, "\nVmData:");
    long long kilobytes = 0;
    if (!line) return 0;
    for (line += 8; *line == ' ' || *line == '\t'; line++) {}
    for (; *line >= '0' && *line <= '9'; line++) kilobytes = kilobytes * 10 + (*line - '0');
    return kilobytes * 1024;
}

static int limit_memory(long long bytes) {
    long long data = data_bytes();
    if (!bytes || !data) return 0;
    struct rlimit limit;
    if (getrlimit(RLIMIT_DATA, &limit) != 0) return errno;
    rlim_t wanted = (rlim_t)(data + bytes);
    if (wanted < limit.rlim_max) limit.rlim_cur = limit.rlim_max = wanted;
    return setrlimit(RLIMIT_DATA, &limit) == 0 ? 0 : errno;
}

static int is_own(int number, const struct child_options *options) {
    return number == options->output || number == options->go || number == options->output_reader ||
        number == options->go_writer || number == options->status_reader;
}

// Opens /dev/null. Where that cannot be opened, a socket whose other end nobody reads takes its place: libuv ends a process that
// cannot write to its own wake-up descriptor, but accepts one that is full.
static int open_nowhere(int *peer) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), ends[2];
    *peer = -1;
    if (null >= 0) return null;
    if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) return -1;
    *peer = ends[1];
    return ends[0];
}

// /dev/null takes the place of every descriptor but our own. They are not closed, since numbers that are free would be given to
// new files.
static int let_go_of_descriptors(const struct child_options *options) {
    int peer, null = open_nowhere(&peer);
    if (null < 0) return errno;
    DIR *directory = opendir("/proc/self/fd");
    if (!directory) return errno;
    struct dirent *entry;
    while ((entry = readdir(directory))) {
        if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
        int number = atoi(entry->d_name);
        if (number == null || number == peer || number == dirfd(directory) || is_own(number, options)) continue;
        if (dup3(null, number, O_CLOEXEC) < 0) return errno;
    }
    closedir(directory);
    return 0;
}

int child_begin(const struct child_options *options) {
    struct itimerval watchdog = {.it_value = {.tv_sec = options->watchdog_seconds}};
    int code = 0;
    // Else whoever waits for the child's end sees to it.
    if (!options->is_filtered && setitimer(ITIMER_REAL, &watchdog, NULL) != 0) code = errno;
    reset_signals();
    return code;
}

// The application goes first where processors and disks are short, whatever it was given itself.
static void lower_priority(const struct child_options *options) {
    struct sched_param none = {0};
    if (sched_getscheduler(0) != SCHED_OTHER) sched_setscheduler(0, SCHED_OTHER, &none);
    int niceness = options->niceness;
    if (niceness == NICENESS_ABOVE) niceness = getpriority(PRIO_PROCESS, 0) + NICENESS;
    if (setpriority(PRIO_PROCESS, 0, niceness) != 0) {}
    // The class "idle", see ioprio_set(2): disks work for it when nobody else wants them to.
    syscall(SYS_ioprio_set, 1, 0, 3 << 13);
}

// A snapshot that goes through a pipe needs no file: nothing else that Node would write on its end, a report or another
// snapshot, is wanted of a copy.
static int forbid_files(const struct child_options *options) {
    struct rlimit none = {0, 0};
    return options->output_reader < 0 || setrlimit(RLIMIT_FSIZE, &none) == 0 ? 0 : errno;
}

// System calls that Node itself never makes. Where a filter may end the process for one, heapdump does the same from outside.
static int limit(const struct child_options *options, const char **step) {
    if (options->is_filtered) return 0;
    // Away from the application's terminal and process group.
    setsid();
    // 1 and not 0: that is what stops a core_pattern that is a pipe as well (core(5)).
    struct rlimit core = {1, 1};
    if (setrlimit(RLIMIT_CORE, &core) != 0) {
        core.rlim_cur = core.rlim_max = 0;
        setrlimit(RLIMIT_CORE, &core);
    }
    lower_priority(options);
    *step = "RLIMIT_FSIZE";
    int code = forbid_files(options);
    if (code) return code;
    *step = "RLIMIT_DATA";
    return limit_memory(options->memory_bytes);
}

int child_set_up(const struct child_options *options, const char **step) {
    proc_name_thread("heapdump-fork");
    proc_write("/proc/self/oom_score_adj", "1000");
    // A core file of it would hold the application's secrets.
    proc_write("/proc/self/coredump_filter", "0");
    *step = "descriptors";
    int code = let_go_of_descriptors(options);
    return code ? code : limit(options, step);
}

// Returns whether one came. The end of a pipe is none.
static int await_byte(int pipe, int timeout_ms) {
    struct pollfd readable = {.fd = pipe, .events = POLLIN};
    char byte;
    return poll(&readable, 1, timeout_ms) == 1 && read(pipe, &byte, 1) == 1;
}

int child_await_claim(const struct child_options *options) {
    return options->go < 0 || await_byte(options->go, OPEN_TIMEOUT_MS);
}

int child_await_go(const struct child_options *options) {
    if (options->go < 0) return 1;
    // From here on the other ends are the asker's alone: when it is gone, the word's pipe ends, and writing fails.
    int peer, null = open_nowhere(&peer);
    if (null < 0) return 0;
    const int others[] = {options->output_reader, options->go_writer, options->status_reader};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (others[i] >= 0 && dup3(null, others[i], O_CLOEXEC) < 0) return 0;
    }
    return await_byte(options->go, GO_TIMEOUT_MS);
}

void child_discard_output(const struct child_options *options) {
    char link[32], path[4096];
    struct stat ours, named;
    snprintf(link, sizeof link, "/proc/self/fd/%d", options->output);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return;
    path[length] = '\0';
    // System calls, since glibc has had functions of these names for newer programs only (2.33).
    if (syscall(SYS_newfstatat, options->output, "", &ours, AT_EMPTY_PATH) != 0 || !S_ISREG(ours.st_mode) ||
        syscall(SYS_newfstatat, AT_FDCWD, path, &named, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    if (named.st_dev == ours.st_dev && named.st_ino == ours.st_ino) unlink(path);
}
