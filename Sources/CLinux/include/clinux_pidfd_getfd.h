#pragma once

// Our own duplicate, close-on-exec, of the descriptor that is `target_fd` in the other process; -1 and errno.
int clinux_pidfd_getfd(int pidfd, int target_fd);
