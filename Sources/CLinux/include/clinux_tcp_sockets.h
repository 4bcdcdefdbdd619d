#pragma once

#include <linux/inet_diag.h>
#include <stdint.h>

// Which TCP sockets are asked for. Ports of 0 are any.
struct clinux_tcp_filter {
    unsigned char family;
    // 1 << TCP_LISTEN and the like.
    unsigned int states;
    uint16_t local_port, remote_port;
};

// A socket of NETLINK_SOCK_DIAG in this thread's network namespace, close-on-exec; -1 and errno.
int clinux_diag_socket(void);

// The sockets of the network namespace that `diag`, a socket of NETLINK_SOCK_DIAG, belongs to, from sock_diag(7).
// `each` is called for every one; after -1 (and errno) those that it got are not all.
int clinux_tcp_sockets(
    int diag, const struct clinux_tcp_filter *filter, void (*each)(void *context, const struct inet_diag_msg *socket),
    void *context);

// Has `diag` be told of each TCP socket that ends from now on (Linux 4.5). 0, or -1 and errno.
int clinux_watch_tcp_ends(int diag);

// Has it be told of those of this local port alone, from now on. 0, or -1 and errno.
int clinux_watch_tcp_ends_at(int diag, uint16_t local_port);

// Those that have ended since, without waiting for more. Some are missing where there were too many to keep.
void clinux_take_tcp_ends(
    int diag, void (*each)(void *context, const struct inet_diag_msg *socket), void *context);
