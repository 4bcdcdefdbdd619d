"""Runs a program, and writes to a file how large its resident set was at most, in bytes.

Usage: note-peak.py FILE PROGRAM [ARGUMENT…]

It is started from here, since the kernel counts what a process was before it became the program, and tests are large.
"""

import resource
import subprocess
import sys

status = subprocess.run(sys.argv[2:], stdin=subprocess.DEVNULL).returncode
with open(sys.argv[1], "w", encoding="ascii") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10))
sys.exit(status if status >= 0 else 128 - status)
