"""Runs a program, and writes to a file how many bytes it has read, from wherever (rchar; see proc(5)).

Usage: note-reads.py FILE PROGRAM [ARGUMENT…]
"""

import os
import subprocess
import sys

# A test that is out of patience kills this process alone.
with_parent = ["setpriv", "--pdeathsig", "KILL"]
child = subprocess.Popen(with_parent + sys.argv[2:], stdin=subprocess.DEVNULL)
# The kernel's counts go with the process: it has to be read between its end and its burial.
os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
with open(f"/proc/{child.pid}/io", encoding="ascii") as counts:
    read = next(line.split()[1] for line in counts if line.startswith("rchar:"))
with open(sys.argv[1], "w", encoding="ascii") as file:
    file.write(read)
status = child.wait()
sys.exit(status if status >= 0 else 128 - status)
