// The C library's functions of these names are chosen by the processor (STT_GNU_IFUNC): whoever binds to them without the dynamic
// linker has to run code of the library to learn where they are. These are short enough to bring along.
#include <stddef.h>

#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN void *memcpy(void *target, const void *source, size_t count) {
    char *to = target;
    const char *from = source;
    while (count--) *to++ = *from++;
    return target;
}

HIDDEN void *memset(void *target, int value, size_t count) {
    char *to = target;
    while (count--) *to++ = (char)value;
    return target;
}

HIDDEN void *memchr(const void *place, int wanted, size_t count) {
    for (const char *at = place; count--; at++) {
        if (*at == (char)wanted) return (void *)at;
    }
    return NULL;
}

HIDDEN size_t strlen(const char *text) {
    const char *end = text;
    while (*end) end++;
    return (size_t)(end - text);
}

HIDDEN char *strchr(const char *text, int wanted) {
    for (;; text++) {
        if (*text == (char)wanted) return (char *)text;
        if (!*text) return NULL;
    }
}

HIDDEN char *strrchr(const char *text, int wanted) {
    char *found = NULL;
    for (;; text++) {
        if (*text == (char)wanted) found = (char *)text;
        if (!*text) return found;
    }
}

HIDDEN int strncmp(const char *a, const char *b, size_t count) {
    for (; count--; a++, b++) {
        if (*a != *b) return (unsigned char)*a - (unsigned char)*b;
        if (!*a) return 0;
    }
    return 0;
}

HIDDEN int strcmp(const char *a, const char *b) { return strncmp(a, b, (size_t)-1); }

HIDDEN char *strncpy(char *target, const char *source, size_t count) {
    char *to = target;
    for (; count && *source; count--) *to++ = *source++;
    while (count--) *to++ = '\0';
    return target;
}

HIDDEN char *strstr(const char *text, const char *wanted) {
    size_t length = strlen(wanted);
    for (;; text++) {
        if (!strncmp(text, wanted, length)) return (char *)text;
        if (!*text) return NULL;
    }
}
