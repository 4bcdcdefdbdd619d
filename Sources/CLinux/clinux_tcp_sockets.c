#define _GNU_SOURCE

#include "clinux_tcp_sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_BYTES = 32 << 10 };

typedef void each_socket(void *context, const struct inet_diag_msg *socket);

int clinux_diag_socket(void) { return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG); }

static int ask(int diag, const struct clinux_tcp_filter *filter) {
    const struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 request;
    } message = {
        .header = {
            .nlmsg_len = sizeof message,
            .nlmsg_type = SOCK_DIAG_BY_FAMILY,
            .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
        },
        .request = {
            .sdiag_family = filter->family,
            .sdiag_protocol = IPPROTO_TCP,
            .idiag_states = filter->states,
            .id = {.idiag_sport = htons(filter->local_port), .idiag_dport = htons(filter->remote_port)},
        },
    };
    ssize_t sent;
    do {
        sent = send(diag, &message, sizeof message, 0);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? -1 : 0;
}

static int refuse(int error) {
    errno = error;
    return -1;
}

// Returns 1 where more messages are to come, 0 after the last one, -1 (and errno) for a failure.
static int take(const struct nlmsghdr *header, unsigned int left, each_socket *each, void *context) {
    for (; NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
        // The table changed meanwhile: a socket may be missing.
        if (header->nlmsg_flags & NLM_F_DUMP_INTR) return refuse(EAGAIN);
        if (header->nlmsg_type == NLMSG_DONE) return 0;
        if (header->nlmsg_type == NLMSG_ERROR) {
            const struct nlmsgerr *error = NLMSG_DATA(header);
            return refuse(header->nlmsg_len >= NLMSG_LENGTH(sizeof *error) && error->error < 0 ? -error->error : EPROTO);
        }
        if (header->nlmsg_type == SOCK_DIAG_BY_FAMILY
            && header->nlmsg_len >= NLMSG_LENGTH(sizeof(struct inet_diag_msg))) {
            each(context, NLMSG_DATA(header));
        }
    }
    return 1;
}

// What take() returns.
static int receive(int diag, int flags, each_socket *each, void *context) {
    _Alignas(struct nlmsghdr) char buffer[BUFFER_BYTES];
    ssize_t count;
    do {
        // MSG_TRUNC: the length that the message had, also where the buffer was too small for it.
        count = recv(diag, buffer, sizeof buffer, MSG_TRUNC | flags);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return -1;
    if (count == 0) return refuse(EPROTO);
    if ((size_t)count > sizeof buffer) return refuse(EMSGSIZE);
    return take((const void *)buffer, (unsigned int)count, each, context);
}

int clinux_tcp_sockets(int diag, const struct clinux_tcp_filter *filter, each_socket *each, void *context) {
    if (ask(diag, filter) != 0) return -1;
    int result;
    while ((result = receive(diag, 0, each, context)) > 0) {}
    return result;
}

// Who is refused at a port again and again would else fill the queue with the ends of his own sockets.
int clinux_watch_tcp_ends_at(int diag, uint16_t port) {
    enum { PORT = sizeof(struct nlmsghdr) + offsetof(struct inet_diag_msg, id.idiag_sport) };
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, PORT),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, ~0u),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    const struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
    return setsockopt(diag, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

int clinux_watch_tcp_ends(int diag) {
    const int groups[] = {SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET6_TCP_DESTROY};
    struct sockaddr_nl address = {.nl_family = AF_NETLINK};
    if (bind(diag, (const struct sockaddr *)&address, sizeof address) != 0) return -1;
    for (int i = 0; i < 2; i++) {
        if (setsockopt(diag, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof groups[i]) != 0) return -1;
    }
    return 0;
}

void clinux_take_tcp_ends(int diag, each_socket *each, void *context) {
    // Who is refused at a port as fast as he can must not keep us here: the rest is for the next time.
    enum { MOST_MESSAGES = 50000 };
    // ENOBUFS: some were lost. What was kept comes after it.
    for (int count = 0; count < MOST_MESSAGES; count++) {
        if (receive(diag, MSG_DONTWAIT, each, context) <= 0 && errno != ENOBUFS) return;
    }
}
