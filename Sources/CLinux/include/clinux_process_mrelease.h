#pragma once

// Frees the memory of a process that has been killed, in the caller's time: 0, or -1 and errno (ENOSYS before Linux 5.15).
int clinux_process_mrelease(int pidfd);
