// Holds one thread of a process, until its own standard input ends, as a busy machine may by giving the processor to others:
// `holds-thread TID`. It is held at the first system call after its next write(2), not right after that: libuv of Node 18 has whoever
// is woken by the write spin until the writer has taken another step.
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *text) {
    puts(text);
    fflush(stdout);
}

int main(int count, char **arguments) {
    pid_t thread = count > 1 ? atoi(arguments[1]) : 0;
    int status, writes = 0;
    if (ptrace(PTRACE_SEIZE, thread, 0, PTRACE_O_TRACESYSGOOD) != 0) return perror("PTRACE_SEIZE"), 1;
    ptrace(PTRACE_INTERRUPT, thread, 0, 0);
    if (waitpid(thread, &status, __WALL) != thread) return 1;
    say("ready {}");
    struct pollfd input = {.fd = 0, .events = POLLIN};
    for (ptrace(PTRACE_SYSCALL, thread, 0, 0); poll(&input, 1, 1) == 0;) {
        struct __ptrace_syscall_info call;
        if (waitpid(thread, &status, WNOHANG | __WALL) != thread) continue;
        if (WIFEXITED(status) || WIFSIGNALED(status)) return 0;
        int is_call = WSTOPSIG(status) == (SIGTRAP | 0x80);
        if (is_call && ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof call, &call) > 0) {
            int is_entry = call.op == PTRACE_SYSCALL_INFO_ENTRY;
            if (is_entry && writes) {
                say("holds");
                poll(&input, 1, -1);
                break;
            }
            if (is_entry && call.entry.nr == SYS_write) writes = 1;
        }
        ptrace(PTRACE_SYSCALL, thread, 0, is_call || status >> 16 ? 0 : WSTOPSIG(status));
    }
    return ptrace(PTRACE_DETACH, thread, 0, 0) == 0 ? 0 : 1;
}
