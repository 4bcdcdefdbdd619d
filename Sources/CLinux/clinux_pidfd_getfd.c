#include "clinux_pidfd_getfd.h"

#include <sys/syscall.h>
#include <unistd.h>

int clinux_pidfd_getfd(int pidfd, int target_fd) {
    return (int)syscall(SYS_pidfd_getfd, pidfd, target_fd, 0u);
}
