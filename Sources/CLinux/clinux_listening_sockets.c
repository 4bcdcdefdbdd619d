#define _GNU_SOURCE

#include "clinux_listening_sockets.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_BYTES = 32 << 10 };

static int ask(int fd, unsigned char family) {
    const struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 request;
    } message = {
        .header = {
            .nlmsg_len = sizeof message,
            .nlmsg_type = SOCK_DIAG_BY_FAMILY,
            .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
        },
        .request = {.sdiag_family = family, .sdiag_protocol = IPPROTO_TCP, .idiag_states = 1u << TCP_LISTEN},
    };
    ssize_t sent;
    do {
        sent = send(fd, &message, sizeof message, 0);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? -1 : 0;
}

static int receive(int fd, void (*each)(void *, const struct inet_diag_msg *), void *context) {
    _Alignas(struct nlmsghdr) char buffer[BUFFER_BYTES];
    for (;;) {
        // MSG_TRUNC: the length that the message had, also where the buffer was too small for it.
        ssize_t count = recv(fd, buffer, sizeof buffer, MSG_TRUNC);
        if (count < 0) {
            if (errno == EINTR) {
                continue;
            }
            return -1;
        }
        if ((size_t)count > sizeof buffer) {
            errno = EMSGSIZE;
            return -1;
        }
        unsigned int left = (unsigned int)count;
        for (const struct nlmsghdr *header = (const void *)buffer; NLMSG_OK(header, left);
             header = NLMSG_NEXT(header, left)) {
            if (header->nlmsg_flags & NLM_F_DUMP_INTR) {
                // The table changed meanwhile: a socket may be missing.
                errno = EAGAIN;
                return -1;
            }
            if (header->nlmsg_type == NLMSG_DONE) {
                return 0;
            }
            if (header->nlmsg_type == NLMSG_ERROR) {
                const struct nlmsgerr *error = NLMSG_DATA(header);
                errno = header->nlmsg_len >= NLMSG_LENGTH(sizeof *error) && error->error < 0 ? -error->error : EPROTO;
                return -1;
            }
            if (header->nlmsg_type == SOCK_DIAG_BY_FAMILY
                && header->nlmsg_len >= NLMSG_LENGTH(sizeof(struct inet_diag_msg))) {
                each(context, NLMSG_DATA(header));
            }
        }
        if (count == 0) {
            errno = EPROTO;
            return -1;
        }
    }
}

int clinux_listening_sockets(
    unsigned char family, void (*each)(void *context, const struct inet_diag_msg *socket), void *context) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (fd < 0) {
        return -1;
    }
    int result = ask(fd, family);
    if (result == 0) {
        result = receive(fd, each, context);
    }
    int reason = errno;
    close(fd);
    errno = reason;
    return result;
}
