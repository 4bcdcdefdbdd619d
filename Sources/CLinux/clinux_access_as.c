#define _GNU_SOURCE

#include "clinux_access_as.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

struct question {
    int dirfd;
    int mode;
    const struct clinux_credentials *credentials;
    int error;
};

static void drop_permission_override(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, data) != 0) return;
    data[0].effective &= ~(1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH);
    syscall(SYS_capset, &header, data);
}

// The system calls, not glibc's wrappers: those change the credentials of all threads.
static void *ask(void *argument) {
    struct question *question = argument;
    const struct clinux_credentials *credentials = question->credentials;
    // Who may not change its groups looks at a process of its own user, whose groups are mostly its own.
    syscall(SYS_setgroups, credentials->group_count, credentials->groups);
    syscall(SYS_setfsgid, credentials->fsgid);
    syscall(SYS_setfsuid, credentials->fsuid);
    if (!credentials->overrides_permissions) drop_permission_override();
    if (syscall(SYS_faccessat2, question->dirfd, ".", question->mode, AT_EACCESS) != 0) question->error = errno;
    return NULL;
}

int clinux_access_as(int dirfd, int mode, const struct clinux_credentials *credentials) {
    struct question question = {.dirfd = dirfd, .mode = mode, .credentials = credentials};
    pthread_t thread;
    int error = pthread_create(&thread, NULL, ask, &question);
    if (error == 0) error = pthread_join(thread, NULL);
    if (error == 0) error = question.error;
    if (error == 0) return 0;
    errno = error;
    return -1;
}
