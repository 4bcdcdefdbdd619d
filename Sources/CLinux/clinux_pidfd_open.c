#include "clinux_pidfd_open.h"

#include <sys/syscall.h>
#include <unistd.h>

// By number: glibc has had a wrapper only since 2.36.
int clinux_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0u);
}
