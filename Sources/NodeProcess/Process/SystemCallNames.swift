/// The calls that a Node thread is likely to be found in.
enum SystemCallNames {
    #if arch(x86_64)
        static let byNumber: [Int: String] = [
            0: "read", 1: "write", 3: "close", 7: "poll", 9: "mmap", 10: "mprotect", 11: "munmap", 16: "ioctl",
            17: "pread64", 18: "pwrite64", 19: "readv", 20: "writev", 23: "select", 24: "sched_yield", 28: "madvise",
            34: "pause", 35: "nanosleep", 42: "connect", 43: "accept", 44: "sendto", 45: "recvfrom", 46: "sendmsg",
            47: "recvmsg", 56: "clone", 61: "wait4", 72: "fcntl", 73: "flock", 74: "fsync", 75: "fdatasync",
            128: "rt_sigtimedwait", 130: "rt_sigsuspend", 202: "futex", 219: "restart_syscall", 230: "clock_nanosleep",
            232: "epoll_wait", 233: "epoll_ctl", 247: "waitid", 257: "openat", 270: "pselect6", 271: "ppoll",
            281: "epoll_pwait", 288: "accept4", 295: "preadv", 296: "pwritev", 318: "getrandom", 332: "statx",
            426: "io_uring_enter", 435: "clone3", 441: "epoll_pwait2", 449: "futex_waitv",
        ]
    #elseif arch(arm64)
        static let byNumber: [Int: String] = [
            21: "epoll_ctl", 22: "epoll_pwait", 25: "fcntl", 29: "ioctl", 32: "flock", 56: "openat", 57: "close",
            63: "read", 64: "write", 65: "readv", 66: "writev", 67: "pread64", 68: "pwrite64", 69: "preadv",
            70: "pwritev", 72: "pselect6", 73: "ppoll", 82: "fsync", 83: "fdatasync", 95: "waitid", 98: "futex",
            101: "nanosleep", 115: "clock_nanosleep", 124: "sched_yield", 128: "restart_syscall",
            133: "rt_sigsuspend", 137: "rt_sigtimedwait", 202: "accept", 203: "connect", 206: "sendto",
            207: "recvfrom", 211: "sendmsg", 212: "recvmsg", 215: "munmap", 220: "clone", 222: "mmap",
            226: "mprotect", 233: "madvise", 242: "accept4", 260: "wait4", 278: "getrandom", 291: "statx",
            426: "io_uring_enter", 435: "clone3", 441: "epoll_pwait2", 449: "futex_waitv",
        ]
    #else
        static let byNumber: [Int: String] = [:]
    #endif
}
