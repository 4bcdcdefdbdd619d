#include "clibunwind.h"

#ifdef __x86_64__

#define UNW_REMOTE_ONLY
#include <libunwind.h>
#include <stdlib.h>
#include <string.h>

// Part of libunwind's library and not of its headers; perf uses it in the same way.
#define dwarf_search_unwind_table UNW_OBJ(dwarf_search_unwind_table)
extern int dwarf_search_unwind_table(unw_addr_space_t, unw_word_t, unw_dyn_info_t *, unw_proc_info_t *, int, void *);

// The archive for other processes refers to this of the one for its own, which resuming at a frame takes. Nothing here does that.
int _Ux86_64_setcontext(const void *context) {
    (void)context;
    abort();
}

struct step {
    const struct clibunwind_process *process;
    uint64_t *registers;
    int has_table;
};

static int find(unw_addr_space_t space, unw_word_t address, unw_proc_info_t *info, int needs_info, void *argument) {
    struct step *step = argument;
    struct clibunwind_table table;
    if (step->process->find_table(step->process->context, address, &table) != 0) return -UNW_ENOINFO;
    unw_dyn_info_t dynamic;
    memset(&dynamic, 0, sizeof dynamic);
    dynamic.format = UNW_INFO_FORMAT_REMOTE_TABLE;
    dynamic.start_ip = table.image_start;
    dynamic.end_ip = table.image_end;
    dynamic.u.rti.segbase = table.base;
    dynamic.u.rti.table_data = table.entries;
    dynamic.u.rti.table_len = table.bytes / sizeof(unw_word_t);
    int result = dwarf_search_unwind_table(space, address, &dynamic, info, needs_info, argument);
    if (result == 0) step->has_table = 1;
    return result;
}

static void forget(unw_addr_space_t space, unw_proc_info_t *info, void *argument) {
    (void)space, (void)info, (void)argument;
}

static int no_dynamic_list(unw_addr_space_t space, unw_word_t *address, void *argument) {
    (void)space, (void)address, (void)argument;
    return -UNW_ENOINFO;
}

static int access_memory(unw_addr_space_t space, unw_word_t address, unw_word_t *word, int writes, void *argument) {
    (void)space;
    struct step *step = argument;
    uint64_t value;
    if (writes || step->process->read(step->process->context, address, &value) != 0) return -UNW_EINVAL;
    *word = value;
    return 0;
}

static int access_register(unw_addr_space_t space, unw_regnum_t number, unw_word_t *word, int writes, void *argument) {
    (void)space;
    struct step *step = argument;
    if (writes || number < 0 || number >= CLIBUNWIND_REGISTERS) return -UNW_EBADREG;
    *word = step->registers[number];
    return 0;
}

static int no_floating_point(unw_addr_space_t space, unw_regnum_t number, unw_fpreg_t *value, int writes,
                             void *argument) {
    (void)space, (void)number, (void)value, (void)writes, (void)argument;
    return -UNW_EBADREG;
}

static int no_resume(unw_addr_space_t space, unw_cursor_t *cursor, void *argument) {
    (void)space, (void)cursor, (void)argument;
    return -UNW_EINVAL;
}

void *clibunwind_open(void) {
    static unw_accessors_t accessors;
    accessors = (unw_accessors_t){.find_proc_info = find,
                                  .put_unwind_info = forget,
                                  .get_dyn_info_list_addr = no_dynamic_list,
                                  .access_mem = access_memory,
                                  .access_reg = access_register,
                                  .access_fpreg = no_floating_point,
                                  .resume = no_resume};
    return unw_create_addr_space(&accessors, 0);
}

void clibunwind_close(void *space) {
    unw_destroy_addr_space(space);
}

// A cursor for each step: in between the caller may follow frames that libunwind knows nothing of.
enum clibunwind_result clibunwind_step(void *space, const struct clibunwind_process *process,
                                       uint64_t registers[CLIBUNWIND_REGISTERS], int is_return, int *is_signal) {
    uint64_t start[CLIBUNWIND_REGISTERS];
    memcpy(start, registers, sizeof start);
    if (is_return) start[UNW_X86_64_RIP] -= 1;
    struct step step = {process, start, 0};
    unw_cursor_t cursor;
    *is_signal = 0;
    if (unw_init_remote(&cursor, space, &step) < 0) return CLIBUNWIND_BROKEN;
    // Asked for first: without a table libunwind guesses, and does not say so.
    unw_proc_info_t info;
    if (unw_get_proc_info(&cursor, &info) < 0 || !step.has_table) return CLIBUNWIND_NO_TABLE;
    *is_signal = unw_is_signal_frame(&cursor) > 0;
    int result = unw_step(&cursor);
    if (result == 0) return CLIBUNWIND_OUTERMOST;
    if (result < 0) return CLIBUNWIND_BROKEN;
    for (int number = 0; number < CLIBUNWIND_REGISTERS; number++) {
        unw_word_t word;
        // Those that a call does not keep are not known in the caller, and not needed either.
        if (unw_get_reg(&cursor, number, &word) == 0) registers[number] = word;
    }
    return CLIBUNWIND_STEPPED;
}

#else

void *clibunwind_open(void) {
    return 0;
}

void clibunwind_close(void *space) {
    (void)space;
}

enum clibunwind_result clibunwind_step(void *space, const struct clibunwind_process *process,
                                       uint64_t registers[CLIBUNWIND_REGISTERS], int is_return, int *is_signal) {
    (void)space, (void)process, (void)registers, (void)is_return, (void)is_signal;
    return CLIBUNWIND_NO_SUPPORT;
}

#endif
