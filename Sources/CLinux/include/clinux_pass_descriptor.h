#pragma once

#include <stddef.h>
#include <sys/types.h>

// Sends `byte` through a Unix socket, and `fd` with it (unix(7), SCM_RIGHTS); 0, or -1 and errno.
int clinux_send_descriptor(int socket, unsigned char byte, int fd);

// As read(2) on a Unix socket; `*fd` becomes a descriptor that came along, close-on-exec and the caller's own, or stays as it is.
ssize_t clinux_receive_with_descriptor(int socket, void *buffer, size_t size, int *fd);
