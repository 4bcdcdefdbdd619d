#pragma once

// A TCP socket of `family` (AF_INET, AF_INET6), non-blocking, or one of NETLINK_SOCK_DIAG (AF_NETLINK) that belongs to the network
// namespace `network`, wherever it is used; close-on-exec. -1 and errno (EPERM without CAP_SYS_ADMIN here and there).
int clinux_socket_in_network(int network, int family);

// The same by way of the user namespace that owns the network: who has made that one has all capabilities in it.
int clinux_socket_in_network_of_owner(int network, int family);

// Whether the loopback interface of the socket's network namespace is up.
int clinux_has_loopback(int socket);
