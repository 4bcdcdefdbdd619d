#define _GNU_SOURCE
#include "dontfork.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// The kernel shows the flag in /proc/self/smaps alone, and walks all page tables for that: half of the whole pause of a
// fork. A child that does nothing but look what it was given costs a tenth: it has the other memory, which is small beside
// V8's heap, and reports by shared memory which ranges it lacks. It is cloned without libc, so that no lock matters to
// it, and without a signal at its end, so that the application's own handling of SIGCHLD does not notice.

struct dontfork_range {
    uintptr_t start, end;
};

// What the probe writes and its parent reads.
struct probe {
    uint32_t done;
    // One for each range: whether the probe has it.
    unsigned char has[];
};

static int read_whole(const char *path, char **text, size_t *length) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return errno;
    size_t room = 1 << 18, filled = 0;
    char *buffer = malloc(room);
    for (;;) {
        if (!buffer) {
            close(file);
            return ENOMEM;
        }
        ssize_t count = read(file, buffer + filled, room - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            int code = count < 0 ? errno : 0;
            close(file);
            if (code) free(buffer);
            *text = buffer;
            *length = filled;
            return code;
        }
        filled += (size_t)count;
        if (filled < room) continue;
        char *larger = realloc(buffer, room *= 2);
        if (!larger) free(buffer);
        buffer = larger;
    }
}

static const char *parse_hex(const char *text, const char *end, uintptr_t *value) {
    uintptr_t result = 0;
    for (; text < end; text++) {
        char c = *text;
        if (c >= '0' && c <= '9') result = result << 4 | (uintptr_t)(c - '0');
        else if (c >= 'a' && c <= 'f') result = result << 4 | (uintptr_t)(c - 'a' + 10);
        else break;
    }
    *value = result;
    return text;
}

// All private mappings: lines such as `7f00-7f10 rw-p 00000000 00:00 0`.
static int read_private(struct dontfork *found) {
    char *text = NULL;
    size_t length = 0, lines = 0;
    int code = read_whole("/proc/self/maps", &text, &length);
    if (code) return code;
    for (size_t i = 0; i < length; i++) lines += text[i] == '\n';
    found->ranges = malloc((lines + 1) * sizeof *found->ranges);
    if (!found->ranges) {
        free(text);
        return ENOMEM;
    }
    const char *end = text + length;
    for (const char *line = text; line < end;) {
        struct dontfork_range range;
        const char *next = parse_hex(line, end, &range.start);
        if (next < end && *next == '-') next = parse_hex(next + 1, end, &range.end);
        // A space and four letters, the last of which tells private from shared.
        if (end - next > 5 && next[0] == ' ' && next[4] == 'p') found->ranges[found->count++] = range;
        const char *newline = memchr(next, '\n', (size_t)(end - next));
        line = newline ? newline + 1 : end;
    }
    free(text);
    return 0;
}

static int is_mapped(uintptr_t address, size_t page) {
    // Without effect on what is mapped, and ENOMEM on what is not. A call that V8 makes all the time: a seccomp filter
    // could end the process for another.
    return madvise((void *)address, page, MADV_NORMAL) == 0;
}

static void run_probe(struct probe *probe, const struct dontfork *found, size_t page) {
    for (size_t i = 0; i < found->count; i++) probe->has[i] = (unsigned char)is_mapped(found->ranges[i].start, page);
    __atomic_store_n(&probe->done, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, &probe->done, FUTEX_WAKE, 1, NULL, NULL, 0);
    syscall(SYS_exit_group, 0);
    __builtin_unreachable();
}

// Not until it has ended: taking its memory down takes as long as giving it, and is no reason to wait.
static int await_probe(struct dontfork *found, struct probe *probe) {
    struct timespec limit = {.tv_nsec = 100 * 1000 * 1000};
    while (!__atomic_load_n(&probe->done, __ATOMIC_ACQUIRE)) {
        syscall(SYS_futex, &probe->done, FUTEX_WAIT, 0, &limit, NULL, 0);
        if (__atomic_load_n(&probe->done, __ATOMIC_ACQUIRE)) break;
        // Killed, by the OOM killer for one: it would be awaited for ever.
        if (wait4(found->probe, NULL, WNOHANG | __WALL, NULL) == 0) continue;
        found->probe = 0;
        return __atomic_load_n(&probe->done, __ATOMIC_ACQUIRE) ? 0 : ECHILD;
    }
    return 0;
}

static int ask_probe(struct dontfork *found, struct probe *probe, size_t page) {
    // A signal handler of the application's must not run in it.
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    long pid = syscall(SYS_clone, (long)(CLONE_FS | CLONE_FILES), 0L, 0L, 0L, 0L);
    int code = pid < 0 ? errno : 0;
    if (pid == 0) run_probe(probe, found, page);
    sigprocmask(SIG_SETMASK, &before, NULL);
    // An emulated kernel may know no such clone. Then none is taken to be kept from forks: a child that lacks memory ends at once.
    if (code == EINVAL || code == ENOSYS) found->count = 0;
    if (code) return code == EINVAL || code == ENOSYS ? 0 : code;
    found->probe = (int)pid;
    return await_probe(found, probe);
}

int dontfork_find(struct dontfork *found) {
    *found = (struct dontfork){0};
    int code = read_private(found);
    if (code) return code;
    size_t page = (size_t)sysconf(_SC_PAGESIZE), size = sizeof(struct probe) + found->count;
    struct probe *probe = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (probe == MAP_FAILED) return errno;
    code = ask_probe(found, probe, page);
    size_t kept = 0;
    for (size_t i = 0; !code && i < found->count; i++) {
        // What the parent has lost meanwhile was unmapped by another thread: its address may soon be something else's.
        if (!probe->has[i] && is_mapped(found->ranges[i].start, page)) found->ranges[kept++] = found->ranges[i];
    }
    found->count = kept;
    munmap(probe, size);
    return code;
}

static void advise(const struct dontfork *found, int advice) {
    for (size_t i = 0; i < found->count; i++) {
        const struct dontfork_range *range = &found->ranges[i];
        // What cannot be had is noticed by the child, which ends for lack of it.
        madvise((void *)range->start, range->end - range->start, advice);
    }
}

void dontfork_allow(const struct dontfork *found) { advise(found, MADV_DOFORK); }

void dontfork_restore(const struct dontfork *found, int is_calm) {
    struct dontfork now = {0}, same = {0};
    if (is_calm) {
        advise(found, MADV_DONTFORK);
        return;
    }
    if (read_private(&now)) return;
    same.ranges = malloc((found->count + 1) * sizeof *same.ranges);
    // Both are in the order of addresses.
    for (size_t i = 0, j = 0; same.ranges && i < found->count; i++) {
        while (j < now.count && now.ranges[j].start < found->ranges[i].start) j++;
        if (j < now.count && now.ranges[j].start == found->ranges[i].start && now.ranges[j].end == found->ranges[i].end)
            same.ranges[same.count++] = found->ranges[i];
    }
    advise(&same, MADV_DONTFORK);
    free(same.ranges);
    free(now.ranges);
}

void dontfork_release(struct dontfork *found) {
    if (found->probe) {
        while (wait4(found->probe, NULL, __WALL, NULL) < 0 && errno == EINTR) {}
    }
    free(found->ranges);
    *found = (struct dontfork){0};
}
