#pragma once
#include <stdbool.h>
#include <stddef.h>

// Moves pages of anonymous memory, which are of one mapping, to where others are, which go. Nothing is copied.
// Where it fails, neither place is mapped for sure.
bool cheapsnapshot_move_pages(void *from, void *to, size_t bytes);
