// The moment for a fork.
#ifndef HEAPDUMP_CALM_H
#define HEAPDUMP_CALM_H

// Room for a thread's name as the kernel keeps it.
enum { CALM_NAME_SIZE = 16 };

// Waits until every other thread of the process sleeps. A thread that runs in the moment of the fork may hold a lock, or
// V8's garbage collector's state, that nobody in the child will ever release.
// Returns 0, EBUSY when `patience_us` microseconds did not bring such a moment (then `busy` names a thread that ran), or
// another errno.
int calm_await(long patience_us, char busy[CALM_NAME_SIZE]);

// Looks whether it still is such a moment: twice, since a thread that is about to wake another shows only after that.
int calm_lasts(char busy[CALM_NAME_SIZE]);

#endif
