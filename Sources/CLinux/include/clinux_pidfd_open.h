#pragma once
#include <sys/types.h>

// A descriptor, close-on-exec, that stands for one process whatever becomes of its number; -1 and errno.
int clinux_pidfd_open(pid_t pid);
