#pragma once
#include <signal.h>

// A new descriptor, close-on-exec, that reads the signals of `mask`; `flags` may have SFD_NONBLOCK. -1 and errno.
int clinux_signalfd(const sigset_t *mask, int flags);
