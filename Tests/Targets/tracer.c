// Traces a process as a debugger does: `tracer PID` lets it run until a signal comes for it, which it holds until its own
// standard input ends; then it passes the signal on and leaves. Its name decides what heapdump takes it for.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **arguments) {
    pid_t pid = count > 1 ? atoi(arguments[1]) : 0;
    int passes_on = count > 2;
    if (ptrace(PTRACE_SEIZE, pid, 0, 0) != 0) return perror("PTRACE_SEIZE"), 1;
    puts("ready {}");
    fflush(stdout);
    struct pollfd input = {.fd = 0, .events = POLLIN};
    int held = 0;
    while (poll(&input, 1, 5) == 0) {
        int status;
        if (held || waitpid(pid, &status, WNOHANG | __WALL) != pid) continue;
        if (WIFEXITED(status) || WIFSIGNALED(status)) return 0;
        int signal = WSTOPSIG(status);
        if (passes_on) {
            ptrace(PTRACE_CONT, pid, 0, signal);
        } else {
            held = signal;
            puts("holds");
            fflush(stdout);
        }
    }
    if (!held) {
        int status;
        ptrace(PTRACE_INTERRUPT, pid, 0, 0);
        waitpid(pid, &status, __WALL);
    }
    return ptrace(PTRACE_DETACH, pid, 0, held) == 0 ? 0 : 1;
}
