#pragma once
#include <stdint.h>
#include <sys/types.h>

// RLIMIT_NOFILE of another process: 0, or -1 and errno.

// Raises the soft limit by `count`, and the hard one if it has to, and tells what both were before.
int clinux_raise_open_files(pid_t pid, uint64_t count, uint64_t *soft, uint64_t *hard);

int clinux_limit_open_files(pid_t pid, uint64_t soft, uint64_t hard);
