// Short forms of Node-API calls. None fails loudly: what cannot be set is missing.
#ifndef HEAPDUMP_VALUES_H
#define HEAPDUMP_VALUES_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>

void set_number(napi_env env, napi_value object, const char *name, double value);
void set_string(napi_env env, napi_value object, const char *name, const char *value);
void set_function(napi_env env, napi_value object, const char *name, napi_callback value);

// `fallback` where the property is missing or of another type.
double get_number(napi_env env, napi_value object, const char *name, double fallback);
bool get_bool(napi_env env, napi_value object, const char *name, bool fallback);

// "/proc/self/fd/N"
napi_status descriptor_path(napi_env env, int number, napi_value *path);

// The message of the exception that is pending, which no longer is then.
void take_exception(napi_env env, char *text, size_t size);

#endif
