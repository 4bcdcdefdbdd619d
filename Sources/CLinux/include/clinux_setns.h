#pragma once

// CLONE_NEWNET of <linux/sched.h>, which hides it without _GNU_SOURCE.
#define CLINUX_CLONE_NEWNET 0x40000000

// Moves the calling thread, and no other, into the namespace that `fd` stands for; 0, or -1 and errno.
int clinux_setns(int fd, int nstype);
