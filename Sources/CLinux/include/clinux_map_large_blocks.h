#pragma once

#include <stddef.h>

// Has malloc map blocks from this size on by themselves, and unmap them when they are freed. Without being told, it keeps freed
// memory for later as soon as it has seen some come and go.
void clinux_map_large_blocks(size_t bytes);
