#define _GNU_SOURCE
#include "calm.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

// A thread that was seen asleep may wake another one that was seen asleep before it: two looks in a row count.
enum { LOOKS = 2, PAUSE_US = 100 };

static int is_number(const char *text) { return text[0] >= '1' && text[0] <= '9'; }

// `stat` begins with the id, the name in parentheses (which may hold any character), and the state.
static int is_asleep(int tasks, const char *task, char busy[CALM_NAME_SIZE]) {
    char path[32], text[256];
    size_t length = strlen(task);
    if (length + sizeof "/stat" > sizeof path) return 1;
    memcpy(path, task, length);
    memcpy(path + length, "/stat", sizeof "/stat");
    int file = openat(tasks, path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 1; // It has ended.
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    if (count <= 0) return 1;
    text[count] = '\0';
    char *name = strchr(text, '('), *end = strrchr(text, ')');
    if (!name || !end || end + 2 >= text + count) return 1;
    if (end[2] == 'S') return 1;
    *end = '\0';
    strncpy(busy, name + 1, CALM_NAME_SIZE - 1);
    busy[CALM_NAME_SIZE - 1] = '\0';
    return 0;
}

static int all_others_sleep(long self, char busy[CALM_NAME_SIZE]) {
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks) return -errno;
    int result = 1;
    struct dirent *entry;
    while (result && (entry = readdir(tasks))) {
        if (!is_number(entry->d_name)) continue;
        long id = 0;
        for (const char *digit = entry->d_name; *digit; digit++) id = id * 10 + (*digit - '0');
        if (id != self) result = is_asleep(dirfd(tasks), entry->d_name, busy);
    }
    closedir(tasks);
    return result;
}

int calm_await(long patience_us, char busy[CALM_NAME_SIZE]) {
    long self = syscall(SYS_gettid), end = clock_us() + patience_us;
    int looks = 0;
    busy[0] = '\0';
    for (;;) {
        int result = all_others_sleep(self, busy);
        if (result < 0) return -result;
        looks = result ? looks + 1 : 0;
        if (looks == LOOKS) return 0;
        if (clock_us() > end) return EBUSY;
        if (!looks) nanosleep(&(struct timespec){.tv_nsec = PAUSE_US * 1000}, NULL);
    }
}

int calm_lasts(char busy[CALM_NAME_SIZE]) {
    long self = syscall(SYS_gettid);
    for (int look = 0; look < LOOKS; look++) {
        if (all_others_sleep(self, busy) != 1) return 0;
    }
    return 1;
}
