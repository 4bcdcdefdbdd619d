#pragma once

#include <linux/inet_diag.h>

// The TCP sockets of `family` (AF_INET, AF_INET6) that listen in this thread's network namespace, from sock_diag(7).
// `each` is called for every one; after -1 (and errno) those that it got are not all.
int clinux_listening_sockets(
    unsigned char family, void (*each)(void *context, const struct inet_diag_msg *socket), void *context);
