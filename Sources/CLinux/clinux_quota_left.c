#define _GNU_SOURCE

#include "clinux_quota_left.h"

#include <errno.h>
#include <linux/quota.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_quotactl_fd
#define SYS_quotactl_fd 443
#endif

int clinux_quota_left(int fd, unsigned int user, uint64_t *bytes) {
    struct if_dqblk quota;
    memset(&quota, 0, sizeof quota);
    if (syscall(SYS_quotactl_fd, fd, QCMD(Q_GETQUOTA, USRQUOTA), user, &quota) != 0) return -1;
    // Limits are in blocks of 1 KiB, whatever the file system's are; 0 is none.
    if (quota.dqb_bhardlimit == 0) {
        errno = ESRCH;
        return -1;
    }
    uint64_t limit = quota.dqb_bhardlimit << QIF_DQBLKSIZE_BITS;
    *bytes = limit > quota.dqb_curspace ? limit - quota.dqb_curspace : 0;
    return 0;
}
