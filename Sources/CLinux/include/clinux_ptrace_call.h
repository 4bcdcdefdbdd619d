#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// What it takes to have a stopped thread call a function and go on afterwards as if nothing had been, without help from outside:
// x86-64 only, elsewhere -1 and ENOSYS.

enum {
    // struct user_regs_struct
    CLINUX_GENERAL_BYTES = 216,
    // More than any processor has.
    CLINUX_EXTENDED_BYTES = 16 << 10,
    CLINUX_FRAME_BYTES = CLINUX_EXTENDED_BYTES + 2048,
};

// All of a thread that a function called in it may change.
struct clinux_thread_state {
    uint8_t general[CLINUX_GENERAL_BYTES];
    uint8_t extended[CLINUX_EXTENDED_BYTES];
    size_t extended_bytes;
    // Blocked signals, the lowest bit for signal 1.
    uint64_t mask;
};

int clinux_ptrace_read_state(pid_t thread, struct clinux_thread_state *state);

// Makes the frame that the kernel would leave on the stack for a signal's handler, and that rt_sigreturn(2) restores the thread's
// state from. A system call that the stop has interrupted begins anew then. `address` gets where the frame belongs, below the stack
// and its red zone; its first word is `return_address`.
// Returns the frame's size in bytes, or 0 if it does not fit, or for a state that is none.
size_t clinux_signal_frame(
    const struct clinux_thread_state *state, uint64_t return_address, uint8_t frame[CLINUX_FRAME_BYTES], uint64_t *address);

// Sets the general registers to a function's first instruction, with its arguments in the order of a system call (the first three are
// a function's as well), and its return address at `stack`. `number` is the system call's, should the instruction be one.
int clinux_ptrace_enter(
    pid_t thread, const struct clinux_thread_state *state, uint64_t function, uint64_t stack, int64_t number,
    const uint64_t arguments[6]);

int clinux_ptrace_block_signals(pid_t thread, uint64_t mask);

// Lets the thread go on until it enters or leaves a system call. Such a stop has the signal CLINUX_SYSTEM_CALL_STOP.
enum { CLINUX_SYSTEM_CALL_STOP = 5 | 0x80 };
int clinux_ptrace_to_system_call(pid_t thread);
