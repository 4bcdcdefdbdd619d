#define _GNU_SOURCE

#include "clinux_sync_file_range.h"

#include <fcntl.h>

int clinux_sync_file_range_write(int fd, off_t offset, off_t length) {
    return sync_file_range(fd, offset, length, SYNC_FILE_RANGE_WRITE);
}
