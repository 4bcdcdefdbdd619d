// V8's own interface, called without any JavaScript.
#ifndef HEAPDUMP_HEAP_H
#define HEAPDUMP_HEAP_H

#include <stdbool.h>
#include <stdint.h>

// Whether this Node exports what `heap_write_snapshot` needs.
bool heap_can_write_snapshot(void);

// Writes the calling thread's heap to a descriptor, as v8.writeHeapSnapshot does. To be called in a copy alone, which ends
// afterwards. Returns 0 or an errno.
int heap_write_snapshot(int output);

struct heap_sizes {
    // Bytes in use, in pages of many objects and in spaces of large objects.
    uint64_t small, large;
};

// Returns false if this Node does not say.
bool heap_measure(struct heap_sizes *sizes);

#endif
