#define _GNU_SOURCE

#include "cheapsnapshot_move_pages.h"

#include <sys/mman.h>

bool cheapsnapshot_move_pages(void *from, void *to, size_t bytes) {
    return mremap(from, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to) != MAP_FAILED;
}
