// What JavaScript sees of the agent. `defaultName()` and `fork(options, writeHeapSnapshot, callback)` are for Node's add-on in
// node/, which applications load. `forkNow(options, writeHeapSnapshot)` and `heapSizes()` are for heapdump: they run at any
// moment, also between two steps of a function of the application's or of Node's library, so they change nothing that either could
// see, and their results are text, which no patched JSON or prototype of the application's touches.
#include <errno.h>
#include <inttypes.h>
#include <node_api.h>
#include <stdio.h>

#include "dump.h"
#include "heap.h"
#include "name.h"
#include "status.h"
#include "values.h"

// Of `forkNow` and the pipes: to be raised with each change that the other side has to know. AgentScript.swift and the
// Makefile, for the library's name, have it too.
enum { PROTOCOL = 4 };

#ifndef HEAPDUMP_VERSION
#error "HEAPDUMP_VERSION is to be defined by the Makefile"
#endif

static struct dump_options read_options(napi_env env, napi_value object) {
    return (struct dump_options){
        .file = (int)get_number(env, object, "file", -1),
        .attempts = (int)get_number(env, object, "attempts", 4),
        .force = get_bool(env, object, "force", false),
        .prefers_native = get_bool(env, object, "prefersNative", false),
        .waits = get_bool(env, object, "waits", false),
        .watchdog_seconds = (long)get_number(env, object, "watchdogSeconds", 3600),
        .stall_seconds = (int)get_number(env, object, "stallSeconds", 0),
        .memory_bytes = (long long)get_number(env, object, "memoryBytes", 0),
        .niceness = (int)get_number(env, object, "niceness", NICENESS_ABOVE),
    };
}

static napi_status is_function(napi_env env, napi_value value, bool *result) {
    napi_valuetype type = napi_undefined;
    napi_status status = napi_typeof(env, value, &type);
    *result = type == napi_function;
    return status;
}

static napi_value make_text(napi_env env, const char *text) {
    napi_value value = NULL;
    napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
    return value;
}

// Returns the JSON of the object that `fork` returns.
static napi_value fork_now(napi_env env, napi_callback_info info) {
    int before = errno;
    napi_value arguments[2], handle;
    size_t count = 2;
    bool is_callable = false;
    if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count < 2 ||
        is_function(env, arguments[1], &is_callable) != napi_ok || !is_callable ||
        napi_create_object(env, &handle) != napi_ok)
        return NULL;
    struct dump_options options = read_options(env, arguments[0]);
    struct dump_start start = dump_begin(env, &options, arguments[1], NULL, handle);
    char text[1024];
    status_format_start(text, sizeof text, &start);
    errno = before;
    return make_text(env, text);
}

// Returns the bytes in use in pages of many objects and in spaces of large ones, as text; undefined if V8 does not say.
static napi_value heap_sizes(napi_env env, napi_callback_info info) {
    (void)info;
    struct heap_sizes sizes;
    if (!heap_measure(&sizes)) return NULL;
    char text[64];
    snprintf(text, sizeof text, "%" PRIu64 " %" PRIu64, sizes.small, sizes.large);
    return make_text(env, text);
}

// Returns an object: `pid`, `output`, `go`, `status` (descriptors in the child), `stallMicroseconds`; `busy`, a thread's
// name, where there was no calm moment; `errno` and `step` where it cannot be done. Its `pid` is kept up to date: that of
// the latest child, 0 before there is one.
static napi_value fork_dump(napi_env env, napi_callback_info info) {
    napi_value arguments[3], result;
    size_t count = 3;
    if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count < 2) {
        napi_throw_type_error(env, NULL, "fork(options, writeHeapSnapshot, callback)");
        return NULL;
    }
    bool is_callable = false;
    if (is_function(env, arguments[1], &is_callable) != napi_ok || !is_callable ||
        napi_create_object(env, &result) != napi_ok) {
        napi_throw_type_error(env, NULL, "writeHeapSnapshot is not a function");
        return NULL;
    }
    bool has_callback = count > 2 && is_function(env, arguments[2], &is_callable) == napi_ok && is_callable;
    struct dump_options options = read_options(env, arguments[0]);
    struct dump_start start = dump_begin(env, &options, arguments[1], has_callback ? arguments[2] : NULL, result);
    set_number(env, result, "pid", start.pid);
    set_number(env, result, "output", start.output_reader);
    set_number(env, result, "go", start.go_writer);
    set_number(env, result, "status", start.status_reader);
    set_number(env, result, "stallMicroseconds", (double)start.stall_us);
    set_string(env, result, "busy", start.busy);
    set_number(env, result, "calm", start.was_calm);
    set_number(env, result, "errno", start.error);
    set_string(env, result, "step", start.error && start.step ? start.step : "");
    return result;
}

static napi_value default_name(napi_env env, napi_callback_info info) {
    (void)info;
    char text[NAME_SIZE];
    name_snapshot(text);
    return make_text(env, text);
}

__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
    set_string(env, exports, "version", HEAPDUMP_VERSION);
    set_number(env, exports, "protocol", PROTOCOL);
    set_function(env, exports, "fork", fork_dump);
    set_function(env, exports, "forkNow", fork_now);
    set_function(env, exports, "heapSizes", heap_sizes);
    set_function(env, exports, "defaultName", default_name);
    return exports;
}
