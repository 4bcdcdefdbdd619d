// A dump: forks until one child has written a whole snapshot, or it is clear that none will.
#ifndef HEAPDUMP_DUMP_H
#define HEAPDUMP_DUMP_H

#include <node_api.h>
#include <stdbool.h>

#include "child.h"

struct dump_options {
    // A file to write to; -1 for a pipe that the asker opens.
    int file;
    int attempts;
    // Forks although other threads run.
    bool force;
    // The copy calls V8 itself if this Node exports what that needs, and `write` only if it does not.
    bool prefers_native;
    // Whether to wait for a calm moment in the background; else the caller is told that there was none.
    bool waits;
    long watchdog_seconds;
    int stall_seconds;
    long long memory_bytes;
    // Of the child, or NICENESS_ABOVE.
    int niceness;
};

struct dump_start {
    // Of the first child; 0 where there is none yet.
    int pid;
    // Numbers of descriptors in the child, -1 for none: see child.h.
    int output_reader, go_writer, status_reader;
    long stall_us;
    bool was_calm;
    // A thread that was running; "" where none was.
    char busy[16];
    // What could not be done, and why; 0 where all is well.
    int error;
    const char *step;
};

// `write` is v8.writeHeapSnapshot, or calls it; `callback` may be NULL, and is called once with an object that tells how it
// ended, unless what is returned holds an error. The property `pid` of `handle` becomes that of each child.
// The event loop does not stay alive for it.
struct dump_start dump_begin(
    napi_env env, const struct dump_options *options, napi_value write, napi_value callback, napi_value handle);

#endif
