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

// setfsuid(2) takes these capabilities from who is no longer root, and gives them to who becomes it.
static void set_permission_override(bool overrides) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, data) != 0) return;
    unsigned int bits = 1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH;
    data[0].effective &= ~bits;
    if (overrides) data[0].effective |= data[0].permitted & bits;
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
    set_permission_override(credentials->overrides_permissions);
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
