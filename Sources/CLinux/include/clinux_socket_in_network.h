#pragma once

// A TCP socket of `family` (AF_INET, AF_INET6) that belongs to the network namespace `network`, wherever it is used;
// close-on-exec and non-blocking. -1 and errno (EPERM without CAP_SYS_ADMIN here and there).
int clinux_socket_in_network(int network, int family);

// The same by way of the user namespace `user` that the network belongs to: who made that one has all capabilities in it.
int clinux_socket_in_network_of_user(int user, int network, int family);
