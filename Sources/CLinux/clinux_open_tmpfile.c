#define _GNU_SOURCE

#include "clinux_open_tmpfile.h"

#include <fcntl.h>

int clinux_open_tmpfile(const char *dir, int flags, mode_t mode) {
    return open(dir, flags | O_TMPFILE | O_CLOEXEC, mode);
}
