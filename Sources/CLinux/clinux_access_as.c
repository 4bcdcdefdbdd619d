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
    int error;
};

static void ask(void *argument) {
    struct question *question = argument;
    if (syscall(SYS_faccessat2, question->dirfd, ".", question->mode, AT_EACCESS) != 0) question->error = errno;
}

int clinux_access_as(int dirfd, int mode, const struct clinux_credentials *credentials) {
    struct question question = {.dirfd = dirfd, .mode = mode};
    if (clinux_run_as(credentials, ask, &question) != 0) return -1;
    errno = question.error;
    return question.error == 0 ? 0 : -1;
}
