#pragma once

#include <spawn.h>

// What glibc declares for _GNU_SOURCE only: the flag POSIX_SPAWN_SETSID, and two actions. addclosefrom needs glibc 2.34.
#define CLINUX_SPAWN_SETSID 0x80
int clinux_spawn_add_chdir(posix_spawn_file_actions_t *actions, const char *path);
int clinux_spawn_add_closefrom(posix_spawn_file_actions_t *actions, int first);
