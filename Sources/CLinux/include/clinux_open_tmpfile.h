#pragma once

// fcntl.h shows it for _GNU_SOURCE only; the same on x86-64 and arm64.
#define CLINUX_O_PATH 010000000
#include <sys/types.h>

// A file without a name in `dir`, close-on-exec; `flags` has O_RDWR or O_WRONLY. -1 and errno (EOPNOTSUPP where the
// file system has no such files, EISDIR where the kernel has none).
int clinux_open_tmpfile(const char *dir, int flags, mode_t mode);
