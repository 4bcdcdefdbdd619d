#pragma once

#include <stdint.h>

// Of <sys/inotify.h>, as Swift imports them.
#define CLINUX_IN_MODIFY 0x00000002u
#define CLINUX_IN_CLOSE_WRITE 0x00000008u
#define CLINUX_IN_MOVED_TO 0x00000080u
#define CLINUX_IN_CREATE 0x00000100u

// A non-blocking, close-on-exec inotify descriptor, or -1 and errno.
int clinux_inotify_init(void);

// Watches the file or directory that `fd` stands for; the watch, or -1 and errno.
int clinux_inotify_watch(int inotify, int fd, uint32_t mask);
