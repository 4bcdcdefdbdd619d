#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// What the kernel looks at when a process opens a file.
struct clinux_credentials {
    uid_t fsuid;
    gid_t fsgid;
    const gid_t *groups;
    size_t group_count;
    // Whether CAP_DAC_OVERRIDE is effective.
    bool overrides_permissions;
};

// Whether a process with these credentials could access the directory `dirfd` stands for, `mode` as for access(2).
// Answered by a thread that takes the credentials as far as the caller may give them, and ends.
// 0, or -1 and errno (EACCES, EROFS, …).
int clinux_access_as(int dirfd, int mode, const struct clinux_credentials *credentials);
