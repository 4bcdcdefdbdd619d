#pragma once

#include <stddef.h>

// A descriptor that is readable once one of the sockets, which are connecting, is connected or has failed; it forgets those
// that are closed. Close-on-exec; -1 and errno.
int clinux_watch_connecting(const int *sockets, size_t count);
