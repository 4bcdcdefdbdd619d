#define _GNU_SOURCE

#include "clinux_access_as.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clinux_run_as.h"

struct question {
    int dirfd;
    int mode;
    const struct clinux_credentials *credentials;
    int error;
};

// Before Linux 5.8 the kernel asks the real user and group alone, and all capabilities of root's: this thread's become what
// is asked about. It ends after that.
static int access_by_real_ids(const struct question *question) {
    const struct clinux_credentials *credentials = question->credentials;
    if (syscall(SYS_setresgid, credentials->fsgid, -1, -1) != 0 && getgid() != credentials->fsgid) return EPERM;
    if (syscall(SYS_setresuid, credentials->fsuid, -1, -1) != 0 && getuid() != credentials->fsuid) return EPERM;
    if (syscall(SYS_faccessat, question->dirfd, ".", question->mode) == 0) return 0;
    // What a capability overrides; not a file system that is read-only.
    return errno == EACCES && credentials->overrides_permissions ? 0 : errno;
}

static void ask(void *argument) {
    struct question *question = argument;
    if (syscall(SYS_faccessat2, question->dirfd, ".", question->mode, AT_EACCESS) != 0) question->error = errno;
    if (question->error == ENOSYS || question->error == EPERM) question->error = access_by_real_ids(question);
}

int clinux_access_as(int dirfd, int mode, const struct clinux_credentials *credentials) {
    struct question question = {.dirfd = dirfd, .mode = mode, .credentials = credentials};
    if (clinux_run_as(credentials, ask, &question) != 0) return -1;
    errno = question.error;
    return question.error == 0 ? 0 : -1;
}
