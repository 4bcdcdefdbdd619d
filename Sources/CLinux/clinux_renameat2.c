#include "clinux_renameat2.h"

#include <sys/syscall.h>
#include <unistd.h>

// By number: musl has no wrapper.
int clinux_renameat2(int olddirfd, const char *oldpath, int newdirfd, const char *newpath, unsigned int flags) {
    return (int)syscall(SYS_renameat2, olddirfd, oldpath, newdirfd, newpath, flags);
}
