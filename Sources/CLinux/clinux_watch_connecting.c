#include "clinux_watch_connecting.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

int clinux_watch_connecting(const int *sockets, size_t count) {
    int watch = epoll_create1(EPOLL_CLOEXEC);
    if (watch < 0) return -1;
    for (size_t index = 0; index < count; index++) {
        // Each is told of once: whoever was woken looks at all.
        struct epoll_event event = {.events = EPOLLOUT | EPOLLONESHOT, .data.fd = sockets[index]};
        if (epoll_ctl(watch, EPOLL_CTL_ADD, sockets[index], &event) == 0) continue;
        int error = errno;
        close(watch);
        errno = error;
        return -1;
    }
    return watch;
}
