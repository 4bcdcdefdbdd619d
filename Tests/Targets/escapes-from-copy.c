// To be preloaded into a Node process: its forked copy starts a process of its own, as a target may that poses as heapdump's agent. That
// one takes a gigabyte, and would stay.
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// The agent calls it in the copy alone.
pid_t setsid(void) {
    if (syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L) == 0) {
        prctl(PR_SET_NAME, "escapee");
        for (int descriptor = 0; descriptor < 1024; descriptor++) close(descriptor);
        for (int i = 0; i < 1024; i++) {
            void *memory = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (memory != MAP_FAILED) memset(memory, 1, 1 << 20);
        }
        for (;;) pause();
    }
    return (pid_t)syscall(SYS_setsid);
}
