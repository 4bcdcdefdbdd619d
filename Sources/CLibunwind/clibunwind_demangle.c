#include "clibunwind_demangle.h"

#include <stddef.h>

// Part of the C++ runtime, which Swift's runtime links (Itanium C++ ABI, section 3.4).
extern char *__cxa_demangle(const char *mangled, char *output, size_t *length, int *status);

char *clibunwind_demangle(const char *name) {
    int status = 0;
    return __cxa_demangle(name, NULL, NULL, &status);
}
