#pragma once

#include <stdbool.h>

// Takes or gives back a read lease, which the kernel refuses while anybody has the file open for writing (EAGAIN).
// 0, or -1 and errno.
int clinux_set_read_lease(int fd, bool on);
