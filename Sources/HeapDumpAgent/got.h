// Calls between shared objects go through tables of addresses (GOT), which the child changes for itself.
#ifndef HEAPDUMP_GOT_H
#define HEAPDUMP_GOT_H

// To be called in the child alone, which has one thread. Locks always succeed then, wake-ups do nothing, and waiting for another thread
// ends the child with CHILD_MUST_WAIT.
// Returns how many addresses were changed.
int got_make_single_threaded(void);

#endif
