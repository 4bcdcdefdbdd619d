#define _GNU_SOURCE

#include "clinux_set_read_lease.h"

#include <fcntl.h>

int clinux_set_read_lease(int fd, bool on) {
    return fcntl(fd, F_SETLEASE, on ? F_RDLCK : F_UNLCK);
}
