#include "wake.h"

#include <stdlib.h>

#include "loop.h"

struct wake {
    const struct wake_callbacks *callbacks;
    void *data;
    napi_async_cleanup_hook_handle hook;
    uv_async_t *async;
};

static void on_async(uv_async_t *async) {
    struct wake *wake = uv_handle_get_data((uv_handle_t *)async);
    wake->callbacks->on_wake(wake->data);
}

static void on_handle_closed(uv_handle_t *handle) {
    struct wake *wake = uv_handle_get_data(handle);
    const struct wake_callbacks *callbacks = wake->callbacks;
    void *data = wake->data;
    // An environment that ends waits for this.
    if (wake->hook) napi_remove_async_cleanup_hook(wake->hook);
    free(wake);
    free(handle);
    if (data) callbacks->on_closed(data);
}

static void on_cleanup(napi_async_cleanup_hook_handle hook, void *data) {
    (void)hook;
    struct wake *wake = data;
    wake->callbacks->on_env_gone(wake->data);
}

struct wake *wake_create(napi_env env, const struct wake_callbacks *callbacks, void *data) {
    uv_loop_t *loop = NULL;
    struct wake *wake = calloc(1, sizeof *wake);
    uv_async_t *async = calloc(1, uv_handle_size(UV_ASYNC_HANDLE));
    if (!wake || !async || napi_get_uv_event_loop(env, &loop) != napi_ok || uv_async_init(loop, async, on_async) != 0) {
        free(wake);
        free(async);
        return NULL;
    }
    *wake = (struct wake){.callbacks = callbacks, .data = data, .async = async};
    uv_handle_set_data((uv_handle_t *)async, wake);
    uv_unref((uv_handle_t *)async);
    if (napi_add_async_cleanup_hook(env, on_cleanup, wake, &wake->hook) == napi_ok) return wake;
    wake->hook = NULL;
    wake->data = NULL;
    wake_close(wake);
    return NULL;
}

void wake_send(struct wake *wake) { uv_async_send(wake->async); }

void wake_close(struct wake *wake) {
    uv_handle_t *handle = (uv_handle_t *)wake->async;
    if (!uv_is_closing(handle)) uv_close(handle, on_handle_closed);
}
