#include "clinux_map_large_blocks.h"

#include <malloc.h>

void clinux_map_large_blocks(size_t bytes) {
    mallopt(M_MMAP_THRESHOLD, (int)bytes);
}
