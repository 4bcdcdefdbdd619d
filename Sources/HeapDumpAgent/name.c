#include "name.h"

#include <stdio.h>
#include <time.h>

void name_snapshot(char name[NAME_SIZE]) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    // heapdump finds this pattern in the file, and knows the add-on by it.
    snprintf(name, NAME_SIZE, "heapdump-%lld.%06ld.heapsnapshot", (long long)now.tv_sec, now.tv_nsec / 1000);
}
