#define _GNU_SOURCE

#include "clinux_openat_in_root.h"

#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

int clinux_openat_in_root(int dirfd, const char *path, int flags) {
    struct open_how how = {
        .flags = (unsigned int)flags,
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
    };
    return (int)syscall(SYS_openat2, dirfd, path, &how, sizeof how);
}
