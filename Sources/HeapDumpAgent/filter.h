// Whether a seccomp filter decides on the process's system calls.
#ifndef HEAPDUMP_FILTER_H
#define HEAPDUMP_FILTER_H

#include <stdbool.h>

// A filter may end the process for a call that Node itself never makes (SCMP_ACT_KILL_PROCESS, which is systemd's default).
// What is allowed cannot be asked. So under a filter the agent leaves out whatever it can do without.
bool filter_is_on(void);

#endif
