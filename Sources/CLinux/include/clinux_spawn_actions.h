#pragma once

#include <spawn.h>

// posix_spawn actions that glibc declares for _GNU_SOURCE only; addclosefrom needs glibc 2.34.
int clinux_spawn_add_chdir(posix_spawn_file_actions_t *actions, const char *path);
int clinux_spawn_add_closefrom(posix_spawn_file_actions_t *actions, int first);
