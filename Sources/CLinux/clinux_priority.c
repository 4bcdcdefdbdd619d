#define _GNU_SOURCE

#include "clinux_priority.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

const int CLINUX_RLIMIT_CORE = RLIMIT_CORE, CLINUX_RLIMIT_DATA = RLIMIT_DATA, CLINUX_RLIMIT_FSIZE = RLIMIT_FSIZE;

int clinux_limit(pid_t pid, int resource, uint64_t limit) {
    struct rlimit before, wanted = {limit, limit};
    if (prlimit(pid, resource, NULL, &before) != 0) return -1;
    // Only the soft limit matters, and only root raises a hard one.
    if (wanted.rlim_max > before.rlim_max) wanted = before;
    return prlimit(pid, resource, &wanted, NULL);
}

int clinux_niceness(pid_t pid) { return getpriority(PRIO_PROCESS, (id_t)pid); }

void clinux_lower_priority(pid_t pid, int niceness) {
    struct sched_param none = {0};
    if (sched_getscheduler(pid) != SCHED_OTHER) sched_setscheduler(pid, SCHED_OTHER, &none);
    setpriority(PRIO_PROCESS, (id_t)pid, niceness);
    // The class "idle", see ioprio_set(2).
    syscall(SYS_ioprio_set, 1, pid, 3 << 13);
}
