#pragma once

// Gives the open file `fd` the name `name` in `dirfd`; never replaces. 0, or -1 and errno.
int clinux_link_descriptor(int fd, int dirfd, const char *name);
