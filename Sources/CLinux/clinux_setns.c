#define _GNU_SOURCE

#include "clinux_setns.h"

#include <sched.h>

int clinux_setns(int fd, int nstype) {
    return setns(fd, nstype);
}
