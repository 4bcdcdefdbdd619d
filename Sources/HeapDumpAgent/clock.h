#ifndef HEAPDUMP_CLOCK_H
#define HEAPDUMP_CLOCK_H

#include <time.h>

// Microseconds of the monotonic clock.
static inline long clock_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

#endif
