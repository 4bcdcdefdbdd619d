#include "clinux_ptrace_call.h"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#ifdef __x86_64__

#include <asm/sigcontext.h>
#include <cpuid.h>

_Static_assert(sizeof(struct user_regs_struct) == CLINUX_GENERAL_BYTES, "registers");

// The kernel's signal frame (struct rt_sigframe, arch/x86/include/asm/sigframe.h). The C library's ucontext_t is longer.
struct frame {
    uint64_t return_address;
    uint64_t flags, link;
    struct {
        uint64_t sp;
        int32_t flags, pad;
        uint64_t size;
    } stack;
    struct sigcontext_64 registers;
    uint64_t mask;
    uint8_t info[128];
};

enum {
    // UC_FP_XSTATE | UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS
    FRAME_FLAGS = 1 | 2 | 4,
    // Not known from outside; the kernel leaves the alternate stack as it is if what it is given makes no sense.
    SENSELESS_STACK_FLAGS = 0x40,
    RED_ZONE = 128,
    DIRECTION_FLAG = 0x400,
    LEGACY_BYTES = 512,
    HEADER_BYTES = 64,
    // Offset of the bytes that are reserved for software (struct _fpx_sw_bytes).
    SOFTWARE_PLACE = 464,
    TILE_DATA = 18,
};

int clinux_ptrace_read_state(pid_t thread, struct clinux_thread_state *state) {
    struct iovec general = {state->general, sizeof state->general}, extended = {state->extended, sizeof state->extended};
    if (ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &general) == -1) return -1;
    if (general.iov_len != sizeof state->general) {
        errno = ENOEXEC;
        return -1;
    }
    if (ptrace(PTRACE_GETREGSET, thread, NT_X86_XSTATE, &extended) == -1) return -1;
    state->extended_bytes = extended.iov_len;
    return ptrace(PTRACE_GETSIGMASK, thread, sizeof state->mask, &state->mask) == -1 ? -1 : 0;
}

// What the frame may hold of the extended state: the kernel restores none of it if it is more than the thread may use, and the tiles
// of AMX are a thread's only once it has asked for them.
static size_t extended_size(const struct clinux_thread_state *state, uint64_t *features) {
    uint64_t present;
    if (state->extended_bytes < LEGACY_BYTES + HEADER_BYTES) return 0;
    memcpy(features, state->extended + SOFTWARE_PLACE, sizeof *features);
    memcpy(&present, state->extended + LEGACY_BYTES, sizeof present);
    if (!(present >> TILE_DATA & 1)) *features &= ~(1ULL << TILE_DATA);
    size_t size = LEGACY_BYTES + HEADER_BYTES;
    for (unsigned i = 2; i < 63; i++) {
        unsigned bytes, offset, c, d;
        if (!(*features >> i & 1)) continue;
        __cpuid_count(0xD, i, bytes, offset, c, d);
        if (offset + bytes > size) size = offset + bytes;
    }
    return size <= state->extended_bytes ? size : 0;
}

static void copy_registers(struct sigcontext_64 *to, const struct user_regs_struct *from) {
    to->r8 = from->r8, to->r9 = from->r9, to->r10 = from->r10, to->r11 = from->r11;
    to->r12 = from->r12, to->r13 = from->r13, to->r14 = from->r14, to->r15 = from->r15;
    to->di = from->rdi, to->si = from->rsi, to->bp = from->rbp, to->bx = from->rbx;
    to->dx = from->rdx, to->ax = from->rax, to->cx = from->rcx, to->sp = from->rsp;
    to->ip = from->rip, to->flags = from->eflags;
    to->cs = (uint16_t)from->cs, to->gs = (uint16_t)from->gs, to->fs = (uint16_t)from->fs, to->ss = (uint16_t)from->ss;
}

// ERESTARTSYS, ERESTARTNOINTR, ERESTARTNOHAND, ERESTART_RESTARTBLOCK: the kernel would make the call again by itself. What remains of
// the time of a sleep that is counted from its beginning cannot be known: it begins anew too.
static int is_to_restart(const struct user_regs_struct *registers) {
    int64_t error = (int64_t)registers->rax;
    return (int64_t)registers->orig_rax >= 0 && (error == -512 || error == -513 || error == -514 || error == -516);
}

size_t clinux_signal_frame(
    const struct clinux_thread_state *state, uint64_t return_address, uint8_t out[CLINUX_FRAME_BYTES], uint64_t *address) {
    struct user_regs_struct general;
    uint64_t features;
    size_t size = extended_size(state, &features);
    if (!size) return 0;
    memcpy(&general, state->general, sizeof general);
    struct frame frame = {
        .return_address = return_address, .flags = FRAME_FLAGS, .stack.flags = SENSELESS_STACK_FLAGS, .mask = state->mask};
    uint64_t place = (general.rsp - RED_ZONE - size - FP_XSTATE_MAGIC2_SIZE) & ~63ULL;
    // A function expects its return address eight bytes below a multiple of 16.
    *address = ((place - sizeof frame) & ~15ULL) - 8;
    size_t total = place - *address + size + FP_XSTATE_MAGIC2_SIZE;
    if (total > CLINUX_FRAME_BYTES || general.rsp < total) return 0;
    copy_registers(&frame.registers, &general);
    if (is_to_restart(&general)) {
        frame.registers.ip -= 2;
        frame.registers.ax = general.orig_rax;
    }
    frame.registers.fpstate = place;
    memset(out, 0, total);
    memcpy(out, &frame, sizeof frame);
    uint8_t *extended = out + (place - *address);
    memcpy(extended, state->extended, size);
    struct _fpx_sw_bytes software = {
        .magic1 = FP_XSTATE_MAGIC1, .extended_size = (uint32_t)size + FP_XSTATE_MAGIC2_SIZE, .xfeatures = features,
        .xstate_size = (uint32_t)size};
    memcpy(extended + SOFTWARE_PLACE, &software, sizeof software);
    uint32_t end = FP_XSTATE_MAGIC2;
    memcpy(extended + size, &end, sizeof end);
    return total;
}

int clinux_ptrace_enter(
    pid_t thread, const struct clinux_thread_state *state, uint64_t function, uint64_t stack, int64_t number,
    const uint64_t arguments[6]) {
    struct user_regs_struct general;
    memcpy(&general, state->general, sizeof general);
    general.rip = function;
    general.rsp = stack;
    general.rax = (uint64_t)number;
    // No system call that the kernel could make again.
    general.orig_rax = (uint64_t)-1;
    general.eflags &= ~(uint64_t)DIRECTION_FLAG;
    general.rdi = arguments[0], general.rsi = arguments[1], general.rdx = arguments[2];
    general.r10 = arguments[3], general.r8 = arguments[4], general.r9 = arguments[5];
    struct iovec place = {&general, sizeof general};
    return ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &place) == -1 ? -1 : 0;
}

#else

int clinux_ptrace_read_state(pid_t thread, struct clinux_thread_state *state) {
    (void)thread, (void)state;
    errno = ENOSYS;
    return -1;
}

size_t clinux_signal_frame(
    const struct clinux_thread_state *state, uint64_t return_address, uint8_t frame[CLINUX_FRAME_BYTES], uint64_t *address) {
    (void)state, (void)return_address, (void)frame, (void)address;
    return 0;
}

int clinux_ptrace_enter(
    pid_t thread, const struct clinux_thread_state *state, uint64_t function, uint64_t stack, int64_t number,
    const uint64_t arguments[6]) {
    (void)thread, (void)state, (void)function, (void)stack, (void)number, (void)arguments;
    errno = ENOSYS;
    return -1;
}

#endif

int clinux_ptrace_block_signals(pid_t thread, uint64_t mask) {
    return ptrace(PTRACE_SETSIGMASK, thread, (void *)sizeof mask, &mask) == -1 ? -1 : 0;
}

int clinux_ptrace_to_system_call(pid_t thread) { return ptrace(PTRACE_SYSCALL, thread, 0, 0) == -1 ? -1 : 0; }
