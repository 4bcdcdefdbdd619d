// What JavaScript sees of the agent: `version`, `defaultName()` and `fork(options, writeHeapSnapshot, callback)`. Node's
// add-on in node/ is what applications load; heapdump itself calls `fork` directly.
#include <node_api.h>

#include "dump.h"
#include "name.h"
#include "values.h"

// Of `fork` and the pipes: to be raised with each change that the other side has to know. AgentScript.swift has it too.
enum { PROTOCOL = 3 };

#ifndef HEAPDUMP_VERSION
#error "HEAPDUMP_VERSION is to be defined by the Makefile"
#endif

static struct dump_options read_options(napi_env env, napi_value object) {
    return (struct dump_options){
        .file = (int)get_number(env, object, "file", -1),
        .attempts = (int)get_number(env, object, "attempts", 4),
        .force = get_bool(env, object, "force", false),
        .waits = get_bool(env, object, "waits", false),
        .watchdog_seconds = (long)get_number(env, object, "watchdogSeconds", 3600),
        .stall_seconds = (int)get_number(env, object, "stallSeconds", 0),
        .memory_bytes = (long long)get_number(env, object, "memoryBytes", 0),
        .niceness = (int)get_number(env, object, "niceness", NICENESS_ABOVE),
    };
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
    napi_valuetype type = napi_undefined;
    if (napi_typeof(env, arguments[1], &type) != napi_ok || type != napi_function ||
        napi_create_object(env, &result) != napi_ok) {
        napi_throw_type_error(env, NULL, "writeHeapSnapshot is not a function");
        return NULL;
    }
    bool has_callback =
        count > 2 && napi_typeof(env, arguments[2], &type) == napi_ok && type == napi_function;
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
    napi_value name = NULL;
    name_snapshot(text);
    napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &name);
    return name;
}

__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
    set_string(env, exports, "version", HEAPDUMP_VERSION);
    set_number(env, exports, "protocol", PROTOCOL);
    set_function(env, exports, "fork", fork_dump);
    set_function(env, exports, "defaultName", default_name);
    return exports;
}
