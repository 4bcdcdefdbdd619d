#include "values.h"

#include <stdio.h>

void set_number(napi_env env, napi_value object, const char *name, double value) {
    napi_value number;
    if (napi_create_double(env, value, &number) == napi_ok) napi_set_named_property(env, object, name, number);
}

void set_string(napi_env env, napi_value object, const char *name, const char *value) {
    napi_value string;
    if (napi_create_string_utf8(env, value, NAPI_AUTO_LENGTH, &string) == napi_ok) {
        napi_set_named_property(env, object, name, string);
    }
}

void set_function(napi_env env, napi_value object, const char *name, napi_callback value) {
    napi_value function;
    if (napi_create_function(env, name, NAPI_AUTO_LENGTH, value, NULL, &function) == napi_ok) {
        napi_set_named_property(env, object, name, function);
    }
}

double get_number(napi_env env, napi_value object, const char *name, double fallback) {
    napi_value value;
    double number;
    if (napi_get_named_property(env, object, name, &value) != napi_ok ||
        napi_get_value_double(env, value, &number) != napi_ok)
        return fallback;
    return number;
}

bool get_bool(napi_env env, napi_value object, const char *name, bool fallback) {
    napi_value value;
    bool result;
    if (napi_get_named_property(env, object, name, &value) != napi_ok ||
        napi_get_value_bool(env, value, &result) != napi_ok)
        return fallback;
    return result;
}

napi_status descriptor_path(napi_env env, int number, napi_value *path) {
    char text[32];
    snprintf(text, sizeof text, "/proc/self/fd/%d", number);
    return napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, path);
}

void take_exception(napi_env env, char *text, size_t size) {
    napi_value exception, string;
    size_t length;
    text[0] = '\0';
    if (napi_get_and_clear_last_exception(env, &exception) != napi_ok ||
        napi_coerce_to_string(env, exception, &string) != napi_ok)
        return;
    napi_get_value_string_utf8(env, string, text, size, &length);
}
