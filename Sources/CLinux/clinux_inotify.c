#define _GNU_SOURCE

#include "clinux_inotify.h"

#include <stdio.h>
#include <sys/inotify.h>

int clinux_inotify_init(void) {
    return inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
}

// inotify takes no descriptors; the path through /proc leads to the very same file.
int clinux_inotify_watch(int inotify, int fd, uint32_t mask) {
    char path[sizeof "/proc/self/fd/-2147483648"];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return inotify_add_watch(inotify, path, mask);
}
