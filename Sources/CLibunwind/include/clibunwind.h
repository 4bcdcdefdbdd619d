#pragma once
#include <stdint.h>

#include "clibunwind_demangle.h"

// Unwinds one frame of another process by the tables that compilers write (.eh_frame), with libunwind. Whoever calls it says how
// that process's memory is read and where its tables are: libunwind itself opens no file and stops no thread.

// The sorted table of an image's unwind information (.eh_frame_hdr), by its addresses in the process.
struct clibunwind_table {
    uint64_t image_start, image_end; // of the addresses that it has to do with
    uint64_t base;                   // of .eh_frame_hdr itself
    uint64_t entries;                // address of the first one
    uint64_t bytes;                  // of all entries
};

struct clibunwind_process {
    void *context;
    // Each returns 0 on success. Addresses are multiples of 8.
    int (*read)(void *context, uint64_t address, uint64_t *word);
    int (*find_table)(void *context, uint64_t address, struct clibunwind_table *table);
};

// The registers that are followed: on x86-64 in DWARF's order, with the instruction pointer last.
enum { CLIBUNWIND_REGISTERS = 17 };

enum clibunwind_result {
    CLIBUNWIND_STEPPED = 1, // registers are the caller's
    CLIBUNWIND_OUTERMOST = 0,
    CLIBUNWIND_NO_TABLE = -1,  // nothing says how to unwind this code
    CLIBUNWIND_BROKEN = -2,    // memory or tables that do not fit each other
    CLIBUNWIND_NO_SUPPORT = -3 // not on this architecture
};

// NULL if memory is short.
void *clibunwind_open(void);
void clibunwind_close(void *space);

// Steps from a frame to its caller's. is_return says that the instruction pointer is where a call returns to, which may be behind the
// function's end. is_signal gets whether the frame is one that the kernel made to deliver a signal.
enum clibunwind_result clibunwind_step(void *space, const struct clibunwind_process *process,
                                       uint64_t registers[CLIBUNWIND_REGISTERS], int is_return, int *is_signal);
