#define _GNU_SOURCE

#include "clinux_run_as.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

struct work {
    const struct clinux_credentials *credentials;
    void (*body)(void *);
    void *argument;
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
static void *run(void *argument) {
    const struct work *work = argument;
    const struct clinux_credentials *credentials = work->credentials;
    // Who may not change its groups looks at a process of its own user, whose groups are mostly its own.
    syscall(SYS_setgroups, credentials->group_count, credentials->groups);
    syscall(SYS_setfsgid, credentials->fsgid);
    syscall(SYS_setfsuid, credentials->fsuid);
    set_permission_override(credentials->overrides_permissions);
    work->body(work->argument);
    return NULL;
}

int clinux_run_as(const struct clinux_credentials *credentials, void (*body)(void *), void *argument) {
    struct work work = {.credentials = credentials, .body = body, .argument = argument};
    pthread_t thread;
    int error = pthread_create(&thread, NULL, run, &work);
    if (error == 0) error = pthread_join(thread, NULL);
    if (error == 0) return 0;
    errno = error;
    return -1;
}
