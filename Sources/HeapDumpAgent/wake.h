// Has the JavaScript thread call a function, asked for by any thread.
#ifndef HEAPDUMP_WAKE_H
#define HEAPDUMP_WAKE_H

#include <node_api.h>

// libuv's handle itself, and not Node-API's thread-safe function: that one is an asynchronous resource, so that making it calls
// the application's `async_hooks`, in the middle of whatever function was interrupted.
struct wake;

struct wake_callbacks {
    // On the JavaScript thread, from its event loop, with no JavaScript below it.
    void (*on_wake)(void *data);
    // The environment ends (a worker thread's, or the process's): `wake_close` is to be called.
    void (*on_env_gone)(void *data);
    // Once after `wake_close`: nothing is called any more, and the wake is gone.
    void (*on_closed)(void *data);
};

// On the JavaScript thread, as all but `wake_send`. The event loop does not stay alive for it. NULL if it cannot be made.
struct wake *wake_create(napi_env env, const struct wake_callbacks *callbacks, void *data);

// From any thread, until `wake_close`.
void wake_send(struct wake *wake);

void wake_close(struct wake *wake);

#endif
