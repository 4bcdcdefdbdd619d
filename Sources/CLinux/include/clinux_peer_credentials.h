#pragma once

#include <sys/types.h>

// Who made the other end of a Unix domain socket. 0, or -1 and errno.
int clinux_peer_credentials(int fd, pid_t *pid, uid_t *uid);
