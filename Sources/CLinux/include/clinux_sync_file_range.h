#pragma once
#include <sys/types.h>

// Starts writing the range's dirty pages to the disk and does not wait; 0, or -1 and errno.
int clinux_sync_file_range_write(int fd, off_t offset, off_t length);
