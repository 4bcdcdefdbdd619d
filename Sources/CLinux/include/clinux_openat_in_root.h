#pragma once

// Opens `path` with `dirfd` as its root: absolute symbolic links and ".." stay below it, magic links are refused.
// The descriptor, or -1 and errno (ENOSYS before Linux 5.6).
int clinux_openat_in_root(int dirfd, const char *path, int flags);
