// What heapdump brings into a process by ptrace, where the agent would need JavaScript to be loaded: code of its own in two
// mappings, which are removed afterwards. No file, no descriptor and no library is added to the process.
#ifndef HEAPDUMP_VISIT_H
#define HEAPDUMP_VISIT_H

#include <stdint.h>

#include "../child.h"

enum visit_state {
    VISIT_NOT_BEGUN = 0,
    VISIT_RUNS = 1,
    VISIT_DONE = 2,
};

enum copy_state {
    COPY_NOT_READY = 0,
    COPY_HAS_PIPES = 1,
    // What V8 says of its heap's size is there, or known not to be.
    COPY_IS_MEASURED = 2,
};

// Shared by the process, its copy, and heapdump, which reads and writes it from outside: Sources/SnapshotWriter/Methods/Ptrace/
// VisitRecord.swift has the same layout.
struct visit {
    // What heapdump wants.
    int64_t is_cancelled, force, watchdog_seconds, memory_bytes, niceness;
    // v8::Isolate *, see visit_find_isolate.
    uint64_t isolate;
    // The fork's part.
    int64_t state, pid, error, stall_us, was_calm;
    // The copy's part.
    int64_t copy_state, output_reader, go_writer, heap_small, heap_large;
    // An array of struct dontfork_range that heapdump has found for a process without free descriptors. 0: the process looks itself.
    uint64_t ranges, range_count;
    // How often V8 has called, wanted or not, since the process was entered.
    int64_t calls;
    // How often it was asked to, which heapdump counts.
    int64_t asks;
    // A thread that was running; what failed with `error`; what the copy failed with.
    char busy[16], step[48], copy_error[512];
};

// Notes the isolate of the calling thread; 0 if it has none. May be called at any instruction: it takes no lock.
void visit_find_isolate(struct visit *visit);

// Has the thread of `isolate` call `visit_fork` where JavaScript can be interrupted. To be called by another thread of the process.
void visit_ask(struct visit *visit);

// Forks the process, if no other thread runs. To be called by the thread whose heap is wanted.
void visit_fork(struct visit *visit);

#endif
