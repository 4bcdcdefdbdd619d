#pragma once

// Signals the process that `pidfd` stands for; 0, or -1 and errno (ESRCH where it has ended).
int clinux_pidfd_send_signal(int pidfd, int signal);
