"""Becomes the program that follows, with a system call filter (seccomp) for some calls: one that ends it, as systemd's
SystemCallFilter= does, or one that refuses them, as older kernels (ENOSYS) and container runtimes (EPERM) do.

Usage: filtered-calls.py kill|ENOSYS|EPERM|EDQUOT|EOPNOTSUPP CALL[,CALL…] PROGRAM [ARGUMENT…]
write:100000 means those of so many bytes and more.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

# Numbers on x86-64 and arm64.
CALLS = {
    "dup3": (292, 24),
    "faccessat2": (439, 439),
    "getpriority": (140, 141),
    "ioprio_get": (252, 31),
    "ioprio_set": (251, 30),
    "msync": (26, 227),
    "openat": (257, 56),
    "openat2": (437, 437),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "process_mrelease": (448, 448),
    "sched_getscheduler": (145, 120),
    "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "setitimer": (38, 103),
    "setpriority": (141, 140),
    "setrlimit": (160, 164),
    "setsid": (112, 157),
    "waitid": (247, 95),
    "write": (1, 64),
}
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
KILL_PROCESS, ERRNO, ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
action = KILL_PROCESS if sys.argv[1] == "kill" else ERRNO | getattr(errno, sys.argv[1])
machine = 0 if platform.machine() == "x86_64" else 1
# Of <linux/filter.h>: load the number of the call; skip where it is another, or its third argument less; return.
code = []
for call in sys.argv[2].split(","):
    name, _, least = call.partition(":")
    code += [(0x20, 0, 0, 0), (0x15, 0, 3 if least else 1, CALLS[name][machine])]
    if least:
        code += [(0x20, 0, 0, 32), (0x35, 0, 1, int(least))]
    code.append((0x06, 0, 0, action))
code.append((0x06, 0, 0, ALLOW))
FILTER = b"".join(struct.pack("<HBBI", *instruction) for instruction in code)


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


libc = ctypes.CDLL(None, use_errno=True)
program = Program(len(FILTER) // 8, FILTER)
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0):
    raise OSError(ctypes.get_errno(), "no filter can be set")
os.execvp(sys.argv[3], sys.argv[3:])
