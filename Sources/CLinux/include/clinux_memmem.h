#pragma once
#include <stddef.h>

// glibc's memmem, which <string.h> hides without _GNU_SOURCE. NULL where there is no match.
const void *clinux_memmem(const void *haystack, size_t haystack_size, const void *needle, size_t needle_size);
