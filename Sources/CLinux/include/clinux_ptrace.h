#pragma once
#include <stdint.h>
#include <sys/types.h>

// ptrace(2) of one thread of another process: 0, or -1 and errno. All of them are made by the thread that seized it.
// Children of every kind, threads among them (__WALL, whose name Swift does not take over).
enum { CLINUX_WALL = 0x40000000 };

int clinux_ptrace_seize(pid_t thread);
int clinux_ptrace_interrupt(pid_t thread);
// Releases a stopped thread, which continues. Delivers the signal to it, or none if it is 0.
int clinux_ptrace_detach(pid_t thread, int signal);

// How many words clinux_ptrace_registers gives.
enum { CLINUX_REGISTERS = 18 };

// The general registers of a stopped thread. On x86-64 in the order in which DWARF counts them (rax, rdx, rcx, rbx, rsi, rdi, rbp,
// rsp, r8 to r15), then rip, then the number of the system call that it is in, or -1. On others: -1 and ENOSYS.
int clinux_ptrace_registers(pid_t thread, uint64_t words[CLINUX_REGISTERS]);
