#pragma once

// Opens `path` with `dirfd` as its root: absolute symbolic links and ".." stay below it, magic links are refused.
// The descriptor, or -1 and errno. Without O_CREAT.
int clinux_openat_in_root(int dirfd, const char *path, int flags);

// The same without openat2(2), which Linux has from 5.6 on: that one is asked first. A magic link is followed by its text,
// which leads nowhere but below the root.
int clinux_walk_in_root(int dirfd, const char *path, int flags);
