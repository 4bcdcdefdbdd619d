"""Becomes the program that follows, with a system call filter (seccomp) that refuses pidfd_open as older container
runtimes do: with EPERM, since they do not know the call.

Usage: without-pidfd.py PROGRAM [ARGUMENT…]
"""

import ctypes
import os
import struct
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
PIDFD_OPEN, EPERM = 434, 1
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
# Of <linux/filter.h>: load the number of the call; skip one where it is another; return.
FILTER = b"".join(
    struct.pack("<HBBI", *instruction)
    for instruction in [(0x20, 0, 0, 0), (0x15, 0, 1, PIDFD_OPEN), (0x06, 0, 0, ERRNO | EPERM), (0x06, 0, 0, ALLOW)]
)


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


libc = ctypes.CDLL(None, use_errno=True)
program = Program(len(FILTER) // 8, FILTER)
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0):
    raise OSError(ctypes.get_errno(), "no filter can be set")
os.execvp(sys.argv[1], sys.argv[1:])
