/// The system call that a thread sits in.
package enum SystemCallName {
    /// From a line of /proc/PID/task/TID/syscall: "232 0xd …". "running" and "-1 …" (stopped outside a call) name none.
    package static func inLine(_ line: String) -> String? {
        guard let first = line.split(whereSeparator: { $0 == " " || $0 == "\n" }).first,
            let number = Int(first), number >= 0
        else { return nil }
        return of(number)
    }

    package static func of(_ number: Int) -> String { byNumber[number] ?? "system call \(number)" }

    /// From the kernel's function in /proc/PID/task/TID/wchan, which is returned as it is if it belongs to no known call.
    package static func ofWaitChannel(_ name: String) -> String? {
        if name.isEmpty || name == "0" { return nil }
        if name.contains("epoll") || name.contains("ep_poll") { return "epoll_wait" }
        return name.contains("futex") ? "futex" : name
    }

    /// The calls that a thread is likely to be found in.
    #if arch(x86_64)
        private static let byNumber: [Int: String] = [
            0: "read", 1: "write", 2: "open", 3: "close", 4: "stat", 6: "lstat", 7: "poll", 9: "mmap", 10: "mprotect",
            11: "munmap", 16: "ioctl", 17: "pread64", 18: "pwrite64", 19: "readv", 20: "writev", 23: "select",
            24: "sched_yield", 28: "madvise", 34: "pause", 35: "nanosleep", 40: "sendfile", 42: "connect", 43: "accept",
            44: "sendto", 45: "recvfrom", 46: "sendmsg", 47: "recvmsg", 56: "clone", 61: "wait4", 72: "fcntl",
            73: "flock", 74: "fsync", 75: "fdatasync", 77: "ftruncate", 128: "rt_sigtimedwait", 130: "rt_sigsuspend",
            202: "futex", 217: "getdents64", 219: "restart_syscall", 230: "clock_nanosleep", 232: "epoll_wait",
            233: "epoll_ctl", 247: "waitid", 257: "openat", 262: "newfstatat", 270: "pselect6", 271: "ppoll",
            277: "sync_file_range", 281: "epoll_pwait", 285: "fallocate", 288: "accept4", 295: "preadv", 296: "pwritev",
            318: "getrandom", 332: "statx", 426: "io_uring_enter", 435: "clone3", 441: "epoll_pwait2",
            449: "futex_waitv",
        ]
    #elseif arch(arm64)
        private static let byNumber: [Int: String] = [
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
        private static let byNumber: [Int: String] = [:]
    #endif
}
