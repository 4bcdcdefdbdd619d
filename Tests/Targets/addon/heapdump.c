// Stands in for node-heapdump's compiled part, which has to be built for one version of Node each: a Node-API module (it
// needs no header to export nothing) that holds the pattern of node-heapdump's file names. dumps-by-addon.js does the rest.
#include <stddef.h>

const char *const heapdump_name_pattern = "heapdump-%lu.%lu.heapsnapshot";

void *napi_register_module_v1(void *env, void *exports) {
    (void)env;
    return exports;
}
