#define _GNU_SOURCE

#include "clinux_listening_sockets.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "clinux_tcp_sockets.h"

int clinux_listening_sockets(
    unsigned char family, void (*each)(void *context, const struct inet_diag_msg *socket), void *context) {
    int diag = clinux_diag_socket();
    if (diag < 0) return -1;
    const struct clinux_tcp_filter filter = {.family = family, .states = 1u << TCP_LISTEN};
    int result = clinux_tcp_sockets(diag, &filter, each, context);
    int reason = errno;
    close(diag);
    errno = reason;
    return result;
}
