#include "clinux_read_signal.h"

#include <errno.h>
#include <sys/signalfd.h>
#include <unistd.h>

int clinux_read_signal(int fd) {
    struct signalfd_siginfo information;
    ssize_t size = read(fd, &information, sizeof information);
    if (size == (ssize_t)sizeof information) {
        return (int)information.ssi_signo;
    }
    if (size >= 0) {
        errno = EIO;
    }
    return -1;
}
