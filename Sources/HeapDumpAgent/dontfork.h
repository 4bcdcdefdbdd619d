// Memory that fork(2) leaves out of the child.
#ifndef HEAPDUMP_DONTFORK_H
#define HEAPDUMP_DONTFORK_H

#include <stddef.h>

// Node 20.4 and newer map V8's heap with MADV_DONTFORK: a forked child would not have it. The flag is taken off for the
// fork and put back afterwards, so that the processes which the application starts cost what they did before.
struct dontfork {
    struct dontfork_range *ranges;
    size_t count;
    // Where the ranges were found by a probe: its process, still to be reaped; else 0.
    int probe;
};

// Finds the ranges. Returns 0 or an errno; `found` is to be released in either case.
int dontfork_find(struct dontfork *found);

// Lets fork copy them.
void dontfork_allow(const struct dontfork *found);

// Puts the flag back.
// `is_calm`: no other thread has run since the ranges were found. Else those are left out that are not mapped as they
// were: memory of somebody else's that took their place would be missing in the application's own forks.
void dontfork_restore(const struct dontfork *found, int is_calm);

void dontfork_release(struct dontfork *found);

#endif
