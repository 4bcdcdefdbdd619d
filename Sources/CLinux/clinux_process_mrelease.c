#include "clinux_process_mrelease.h"

#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_process_mrelease
#define SYS_process_mrelease 448
#endif

int clinux_process_mrelease(int pidfd) {
    return (int)syscall(SYS_process_mrelease, pidfd, 0u);
}
