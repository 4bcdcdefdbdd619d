#pragma once

// The status of a process that has ended, as wait(2) has it, from its pidfd (PIDFD_GET_INFO with PIDFD_INFO_EXIT, Linux 6.15):
// 0, or -1 if it runs or the kernel does not tell.
int clinux_pidfd_exit_status(int pidfd, int *status);
