#define _GNU_SOURCE
#include "clinux_open_files.h"

#include <stddef.h>
#include <sys/resource.h>

int clinux_limit_open_files(pid_t pid, uint64_t soft, uint64_t hard) {
    struct rlimit wanted = {.rlim_cur = soft, .rlim_max = hard};
    return prlimit(pid, RLIMIT_NOFILE, &wanted, NULL);
}

int clinux_raise_open_files(pid_t pid, uint64_t count, uint64_t *soft, uint64_t *hard) {
    struct rlimit before;
    if (prlimit(pid, RLIMIT_NOFILE, NULL, &before) != 0) return -1;
    *soft = before.rlim_cur;
    *hard = before.rlim_max;
    uint64_t wanted = *soft + count;
    return clinux_limit_open_files(pid, wanted, wanted > *hard ? wanted : *hard);
}
