// Small files under /proc, read and written at once.
#ifndef HEAPDUMP_PROC_H
#define HEAPDUMP_PROC_H

#include <stddef.h>

// Best effort: a dump is right without it.
void proc_write(const char *path, const char *text);

// Returns the length of the text, which is cut to `size` and ends with NUL; 0 if the file cannot be read.
size_t proc_read(const char *path, char *text, size_t size);

// Gives the calling thread a name.
void proc_name_thread(const char *name);

#endif
