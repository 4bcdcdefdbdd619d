#pragma once
#include <stdbool.h>
#include <stddef.h>

// Moves pages of anonymous memory, which are of one mapping, to where others are, which go. Nothing is copied.
// Where it fails, the pages are where they were, and the other place may be mapped or not.
bool cheapsnapshot_move_pages(void *from, void *to, size_t bytes);
