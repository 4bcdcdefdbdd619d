// The names of snapshots that were given none.
#ifndef HEAPDUMP_NAME_H
#define HEAPDUMP_NAME_H

#include <stddef.h>

enum { NAME_SIZE = 64 };

// "heapdump-<seconds>.<microseconds>.heapsnapshot", of the wall clock.
void name_snapshot(char name[NAME_SIZE]);

#endif
