#include "clinux_pidfd_exit_status.h"

#include <stdint.h>
#include <sys/ioctl.h>

// As in linux/pidfd.h, which older headers lack: the struct's first version, of 64 bytes.
struct information {
    uint64_t mask, cgroup;
    uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
    int32_t exit_code;
};

_Static_assert(sizeof(struct information) == 64, "the kernel knows versions by their size");

enum { INFO_EXIT = 1 << 3 };

int clinux_pidfd_exit_status(int pidfd, int *status) {
    struct information information = {.mask = INFO_EXIT};
    if (ioctl(pidfd, _IOWR(0xFF, 11, struct information), &information) != 0) return -1;
    if (!(information.mask & INFO_EXIT)) return -1;
    *status = information.exit_code;
    return 0;
}
