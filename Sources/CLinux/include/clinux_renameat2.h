#pragma once

#define CLINUX_RENAME_NOREPLACE (1u << 0)
#define CLINUX_RENAME_EXCHANGE (1u << 1)

// 0, or -1 and errno (EINVAL where the file system does not know the flags).
int clinux_renameat2(int olddirfd, const char *oldpath, int newdirfd, const char *newpath, unsigned int flags);
