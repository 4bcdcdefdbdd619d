#pragma once

#include <stdint.h>

// The type of the file system that `fd` stands on, a number of <linux/magic.h>; 0 where it is not known.
uint32_t clinux_file_system_type(int fd);
