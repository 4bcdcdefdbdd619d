#pragma once

#include <stdint.h>
#include <sys/types.h>

// RLIMIT_CORE, RLIMIT_DATA and RLIMIT_FSIZE, of which Swift sees another type on each C library.
extern const int CLINUX_RLIMIT_CORE, CLINUX_RLIMIT_DATA, CLINUX_RLIMIT_FSIZE;

// Sets both limits of another process. 0, or -1 and errno.
int clinux_limit(pid_t pid, int resource, uint64_t limit);

// How nice a process is, from -20 to 19; 0 where that cannot be told.
int clinux_niceness(pid_t pid);

// Has a process wait for others: its niceness, no real-time scheduling, and disks only when nobody else wants them. Best effort.
void clinux_lower_priority(pid_t pid, int niceness);
