#include "clinux_file_system_type.h"

#include <sys/vfs.h>

uint32_t clinux_file_system_type(int fd) {
    struct statfs status;
    return fstatfs(fd, &status) == 0 ? (uint32_t)status.f_type : 0;
}
