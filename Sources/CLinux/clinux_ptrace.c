#include "clinux_ptrace.h"

#include <elf.h>
#include <errno.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

int clinux_ptrace_seize(pid_t thread) {
    // The stops of clinux_ptrace_to_system_call are told from others by it.
    return ptrace(PTRACE_SEIZE, thread, 0, (void *)(intptr_t)PTRACE_O_TRACESYSGOOD) == -1 ? -1 : 0;
}

int clinux_ptrace_interrupt(pid_t thread) {
    return ptrace(PTRACE_INTERRUPT, thread, 0, 0) == -1 ? -1 : 0;
}

int clinux_ptrace_detach(pid_t thread, int signal) {
    return ptrace(PTRACE_DETACH, thread, 0, (void *)(intptr_t)signal) == -1 ? -1 : 0;
}

int clinux_ptrace_registers(pid_t thread, uint64_t words[CLINUX_REGISTERS]) {
#ifdef __x86_64__
    struct user_regs_struct all;
    struct iovec place = {&all, sizeof all};
    if (ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &place) == -1) return -1;
    // A process of 32 bits has shorter ones.
    if (place.iov_len != sizeof all) {
        errno = ENOEXEC;
        return -1;
    }
    const uint64_t ordered[CLINUX_REGISTERS] = {
        all.rax, all.rdx, all.rcx, all.rbx, all.rsi, all.rdi, all.rbp, all.rsp, all.r8,
        all.r9,  all.r10, all.r11, all.r12, all.r13, all.r14, all.r15, all.rip, all.orig_rax,
    };
    for (int i = 0; i < CLINUX_REGISTERS; i++) words[i] = ordered[i];
    return 0;
#else
    (void)thread;
    (void)words;
    errno = ENOSYS;
    return -1;
#endif
}
