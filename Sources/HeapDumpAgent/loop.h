// What the agent uses of libuv, which every Node exports. Its structures stay opaque: their sizes differ between versions,
// these functions do not.
#ifndef HEAPDUMP_LOOP_H
#define HEAPDUMP_LOOP_H

#include <stddef.h>

typedef struct uv_loop_s uv_loop_t;
typedef struct uv_handle_s uv_handle_t;
typedef struct uv_async_s uv_async_t;

// UV_ASYNC of `uv_handle_type`.
enum { UV_ASYNC_HANDLE = 1 };

size_t uv_handle_size(int type);
void uv_handle_set_data(uv_handle_t *handle, void *data);
void *uv_handle_get_data(const uv_handle_t *handle);
void uv_unref(uv_handle_t *handle);
int uv_is_closing(const uv_handle_t *handle);
void uv_close(uv_handle_t *handle, void (*on_closed)(uv_handle_t *handle));
int uv_async_init(uv_loop_t *loop, uv_async_t *async, void (*on_async)(uv_async_t *async));
int uv_async_send(uv_async_t *async);

#endif
