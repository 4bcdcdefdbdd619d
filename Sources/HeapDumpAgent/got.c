#define _GNU_SOURCE
#include "got.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <linux/futex.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "child.h"

// fork(2) copies the locks as they are and none of the threads that would release them. glibc goes further: to signal a
// condition variable whose waiters are gone can block for ever, since it waits for them to leave the previous group of
// waiters. V8 does both at every garbage collection, and a heap snapshot begins with one.

#if defined(__x86_64__)
enum { SLOT = R_X86_64_JUMP_SLOT, DATA = R_X86_64_GLOB_DAT, ADDRESS = R_X86_64_64 };
#elif defined(__aarch64__)
enum { SLOT = R_AARCH64_JUMP_SLOT, DATA = R_AARCH64_GLOB_DAT, ADDRESS = R_AARCH64_ABS64 };
#else
#error "heapdump's agent knows x86-64 and arm64"
#endif

static int do_nothing(void) { return 0; }
static int refuse(void) { return EAGAIN; }
static int end_process(void) { _exit(CHILD_MUST_WAIT); }

// Newer versions of V8 lock with futexes of their own.
static long call_kernel(long number, long a, long b, long c, long d, long e, long f) {
    if (number == SYS_futex) {
        switch (b & FUTEX_CMD_MASK) {
        case FUTEX_WAIT:
        case FUTEX_WAIT_BITSET:
        case FUTEX_WAIT_REQUEUE_PI:
        case FUTEX_LOCK_PI: _exit(CHILD_MUST_WAIT);
        default: break;
        }
    }
    return syscall(number, a, b, c, d, e, f);
}

static const char *const made_free[] = {
    "pthread_mutex_lock",       "pthread_mutex_trylock",      "pthread_mutex_timedlock",    "pthread_mutex_clocklock",
    "pthread_mutex_unlock",     "pthread_rwlock_rdlock",      "pthread_rwlock_wrlock",      "pthread_rwlock_tryrdlock",
    "pthread_rwlock_trywrlock", "pthread_rwlock_timedrdlock", "pthread_rwlock_timedwrlock", "pthread_rwlock_unlock",
    "pthread_spin_lock",        "pthread_spin_trylock",       "pthread_spin_unlock",        "pthread_cond_signal",
    "pthread_cond_broadcast",   "sem_post",
};
static const char *const made_final[] = {
    "pthread_cond_wait", "pthread_cond_timedwait", "pthread_cond_clockwait", "sem_wait",
    "sem_timedwait",     "sem_clockwait",          "pthread_join",           "pthread_timedjoin_np",
    "pthread_barrier_wait",
};

static int is_among(const char *name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(name, names[i])) return 1;
    }
    return 0;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static uintptr_t replacement(const char *name) {
    if (is_among(name, made_free, COUNT(made_free))) return (uintptr_t)do_nothing;
    if (is_among(name, made_final, COUNT(made_final))) return (uintptr_t)end_process;
    if (!strcmp(name, "pthread_create")) return (uintptr_t)refuse;
    if (!strcmp(name, "syscall")) return (uintptr_t)call_kernel;
    return 0;
}

// The part of a dynamic section that tells of calls to other objects.
struct dynamic {
    const char *strings;
    const ElfW(Sym) * symbols;
    const ElfW(Rela) * tables[2];
    size_t counts[2];
};

// glibc turns the section's offsets into addresses when it loads the object, musl does not.
static uintptr_t address(const struct dl_phdr_info *object, ElfW(Addr) value) {
    return value < object->dlpi_addr ? object->dlpi_addr + value : value;
}

static struct dynamic read_dynamic(const struct dl_phdr_info *object) {
    struct dynamic result = {0};
    const ElfW(Dyn) *entry = NULL;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &object->dlpi_phdr[i];
        if (header->p_type == PT_DYNAMIC) entry = (const void *)(object->dlpi_addr + header->p_vaddr);
    }
    for (; entry && entry->d_tag != DT_NULL; entry++) {
        switch (entry->d_tag) {
        case DT_STRTAB: result.strings = (const void *)address(object, entry->d_un.d_ptr); break;
        case DT_SYMTAB: result.symbols = (const void *)address(object, entry->d_un.d_ptr); break;
        case DT_JMPREL: result.tables[0] = (const void *)address(object, entry->d_un.d_ptr); break;
        case DT_PLTRELSZ: result.counts[0] = entry->d_un.d_val / sizeof(ElfW(Rela)); break;
        case DT_RELA: result.tables[1] = (const void *)address(object, entry->d_un.d_ptr); break;
        case DT_RELASZ: result.counts[1] = entry->d_un.d_val / sizeof(ElfW(Rela)); break;
        default: break;
        }
    }
    return result;
}

static int holds(const struct dl_phdr_info *object, uintptr_t value) {
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &object->dlpi_phdr[i];
        uintptr_t start = object->dlpi_addr + header->p_vaddr;
        if (header->p_type == PT_LOAD && value >= start && value < start + header->p_memsz) return 1;
    }
    return 0;
}

// libc locks for itself and makes that good in the child of a fork; we are needed as we are.
static int is_left_alone(const struct dl_phdr_info *object) {
    const char *slash = strrchr(object->dlpi_name, '/'), *name = slash ? slash + 1 : object->dlpi_name;
    return holds(object, (uintptr_t)fork) || holds(object, (uintptr_t)do_nothing) || !strncmp(name, "libpthread", 10) ||
        !strncmp(name, "ld-", 3) || !strncmp(name, "linux-", 6);
}

static int change(uintptr_t slot, uintptr_t value) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    // Read-only since the object was loaded, mostly.
    if (mprotect((void *)(slot & ~(page - 1)), page, PROT_READ | PROT_WRITE) != 0) return 0;
    *(uintptr_t *)slot = value;
    return 1;
}

static int change_object(struct dl_phdr_info *object, size_t size, void *changed) {
    (void)size;
    if (is_left_alone(object)) return 0;
    struct dynamic dynamic = read_dynamic(object);
    if (!dynamic.strings || !dynamic.symbols) return 0;
    for (int table = 0; table < 2; table++) {
        for (size_t i = 0; dynamic.tables[table] && i < dynamic.counts[table]; i++) {
            const ElfW(Rela) *relocation = &dynamic.tables[table][i];
            unsigned type = (unsigned)ELF64_R_TYPE(relocation->r_info);
            if (type != SLOT && type != DATA && type != ADDRESS) continue;
            const ElfW(Sym) *symbol = &dynamic.symbols[ELF64_R_SYM(relocation->r_info)];
            uintptr_t value = replacement(dynamic.strings + symbol->st_name);
            if (value) *(int *)changed += change(object->dlpi_addr + relocation->r_offset, value);
        }
    }
    return 0;
}

int got_make_single_threaded(void) {
    int changed = 0;
    dl_iterate_phdr(change_object, &changed);
    return changed;
}
