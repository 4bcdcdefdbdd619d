#pragma once

#include <stdint.h>

// How many bytes a user may still write to the file system that `fd` stands on, by the user's disk quota.
// 0, or -1 and errno (ESRCH and others where there is none; ENOSYS before Linux 5.14).
int clinux_quota_left(int fd, unsigned int user, uint64_t *bytes);
