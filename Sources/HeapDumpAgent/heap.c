#include "heap.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

// Public functions of V8, by their names in the symbol table, which hold the types of all parameters: another signature
// would have another name. Weak: a Node that lacks one still loads the agent.
#define FROM_V8(name) __asm__(name) __attribute__((weak))

typedef struct isolate isolate;
typedef struct profiler profiler;
typedef struct snapshot snapshot;
struct stream;

extern isolate *get_current(void) FROM_V8("_ZN2v87Isolate10GetCurrentEv");
extern profiler *get_profiler(isolate *self) FROM_V8("_ZN2v87Isolate15GetHeapProfilerEv");
extern const snapshot *take_snapshot(profiler *self, void *control, void *resolver, bool hides_internals, bool has_numbers)
    FROM_V8("_ZN2v812HeapProfiler16TakeHeapSnapshotEPNS_15ActivityControlEPNS0_18ObjectNameResolverEbb");
// Node 20 and newer. The default of each option is zero.
extern const snapshot *take_snapshot_by_options(profiler *self, const void *options)
    FROM_V8("_ZN2v812HeapProfiler16TakeHeapSnapshotERKNS0_19HeapSnapshotOptionsE");
// Inlined from Node 25 on, where the event loop has a scope open in any case.
extern void open_handle_scope(void *self, isolate *isolate) FROM_V8("_ZN2v811HandleScopeC1EPNS_7IsolateE");
extern void serialize(const snapshot *self, struct stream *stream, int format)
    FROM_V8("_ZNK2v812HeapSnapshot9SerializeEPNS_12OutputStreamENS0_19SerializationFormatE");
extern size_t count_spaces(isolate *self) FROM_V8("_ZN2v87Isolate18NumberOfHeapSpacesEv");

// v8::HeapSpaceStatistics, with room to spare.
struct space {
    const char *name;
    size_t size, used, available, physical, spare[3];
};

extern bool measure_space(isolate *self, struct space *space, size_t index)
    FROM_V8("_ZN2v87Isolate22GetHeapSpaceStatisticsEPNS_19HeapSpaceStatisticsEm");

// v8::OutputStream as the C++ ABI lays it out: a pointer to its virtual functions, destructors first.
struct stream_functions {
    void (*destroy)(struct stream *self);
    void (*destroy_and_free)(struct stream *self);
    void (*end)(struct stream *self);
    int (*chunk_size)(struct stream *self);
    int (*write_ascii)(struct stream *self, char *data, int size);
    int (*write_statistics)(struct stream *self, void *data, int count);
};

struct stream {
    const struct stream_functions *functions;
    int output;
    int error;
};

enum { CHUNK_BYTES = 64 << 10, CONTINUE = 0, ABORT = 1, FORMAT_JSON = 0 };

static void do_nothing(struct stream *self) { (void)self; }

static int chunk_size(struct stream *self) {
    (void)self;
    return CHUNK_BYTES;
}

static int write_ascii(struct stream *self, char *data, int size) {
    while (size > 0) {
        ssize_t count = write(self->output, data, (size_t)size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            self->error = count < 0 ? errno : EIO;
            return ABORT;
        }
        data += count;
        size -= (int)count;
    }
    return CONTINUE;
}

static int write_statistics(struct stream *self, void *data, int count) {
    (void)self, (void)data, (void)count;
    return ABORT;
}

static const struct stream_functions stream_functions = {
    do_nothing, do_nothing, do_nothing, chunk_size, write_ascii, write_statistics,
};

bool heap_can_write_snapshot(void) {
    return get_current && get_profiler && (take_snapshot || take_snapshot_by_options) && serialize;
}

static const snapshot *take(profiler *profiler) {
    // v8::HeapProfiler::HeapSnapshotOptions, with room to spare.
    static const uint64_t options[16];
    return take_snapshot_by_options ? take_snapshot_by_options(profiler, options)
                                    : take_snapshot(profiler, NULL, NULL, true, false);
}

int heap_write_snapshot(int output) {
    struct stream stream = {.functions = &stream_functions, .output = output};
    // v8::HandleScope, with room to spare. It is never closed: the process ends before.
    uint64_t scope[16];
    if (open_handle_scope) open_handle_scope(scope, get_current());
    const snapshot *taken = take(get_profiler(get_current()));
    if (!taken) return ENOMEM;
    serialize(taken, &stream, FORMAT_JSON);
    return stream.error;
}

bool heap_measure(struct heap_sizes *sizes) {
    *sizes = (struct heap_sizes){0};
    if (!get_current || !count_spaces || !measure_space) return false;
    isolate *current = get_current();
    for (size_t i = 0, count = count_spaces(current); i < count; i++) {
        struct space space = {0};
        if (!measure_space(current, &space, i) || !space.name) return false;
        *(strstr(space.name, "large_object") ? &sizes->large : &sizes->small) += space.used;
    }
    return sizes->small > 0;
}
