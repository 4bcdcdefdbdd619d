#!/usr/bin/env python3
"""Writes a snapshot of a real program: the type checker basedpyright, which has checked SQLAlchemy and watches its files.

  real_heap.py NODE HEAPDUMP PATH

Other heaps of the bench repeat a few kinds of objects; this one has what a large application of many authors holds.
It installs both packages into a temporary directory, by the pip of .build/venv. PATH appears when all of it is written.
Exit status: 0, or 1 if the checker or heapdump fails.
"""

import json
import os
import shutil
import subprocess
import sys

from measuring.processes import Failure, end_by_exception, ended_with_block, run
from measuring.repository import BUILD, temporary_directory

CHECKER, CHECKED = "basedpyright==1.40.2", "sqlalchemy==2.0.44"
NAME = f"{CHECKER} of {CHECKED}".replace("==", "-").replace(" ", "-")
# Its only packages are pip and websockets: what other Pythons of the machine have would be checked too.
PYTHON = os.path.join(BUILD, "venv", "bin", "python")
CONFIGURATION = {"include": ["checked"], "extraPaths": ["checked"], "pythonVersion": "3.13", "pythonPlatform": "Linux"}
# The checker drops its caches when the heap takes three quarters of this.
LARGEST_HEAP_MB = 8000
# It prints this when the first check is over.
IS_CHECKED = "Watching for file changes"
# Of what the checker printed, in a failure.
LINES = 10


def install(directory):
    """Puts the checker and what it checks into two directories."""
    for requirement, name in ((CHECKER, "checker"), (CHECKED, "checked")):
        target = os.path.join(directory, name)
        # For any platform: compiled parts would replace sources. The checker's dependency is a Node, which is not used.
        options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--platform", "any"]
        run([PYTHON, "-m", "pip", "install", *options, "--target", target, requirement])
    with open(os.path.join(directory, "pyrightconfig.json"), "w") as file:
        json.dump(CONFIGURATION, file)


def command(node, directory):
    script = os.path.join(directory, "checker", "basedpyright", "index.js")
    options = ["--watch", "--level", "error", "--pythonpath", PYTHON]
    watching = [node, f"--max-old-space-size={LARGEST_HEAP_MB}", "--inspect-port=0", script, *options]
    # It ends if this program is killed.
    return ["setpriv", "--pdeathsig", "KILL", *watching] if shutil.which("setpriv") else watching


def read_until(lines, mark):
    """Reads lines up to the one with the mark. Raises Failure if there is none."""
    last = []
    for line in lines:
        if mark in line:
            return
        last = [*last, line][-LINES:]
    raise Failure(f"basedpyright ended before it had checked everything: {''.join(last).strip()}")


def write(watching, directory, heapdump, path):
    """Dumps the process of that command once its first check is over, and ends it."""
    checker = subprocess.Popen(
        watching, cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    with ended_with_block(checker):
        read_until(checker.stdout, IS_CHECKED)
        # Memory was looked for by the measured cost (snapshots.py); heapdump's estimate is an upper bound three times as large.
        options = ["--method", "inspector", "--force-memory", "--quiet"]
        run([heapdump, "take", str(checker.pid), *options, "--output", path])


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    node, heapdump, path = map(os.path.abspath, sys.argv[1:])
    end_by_exception()
    try:
        with temporary_directory("real-heap") as directory:
            install(directory)
            write(command(node, directory), directory, heapdump, path)
    except (Failure, OSError) as error:
        print(f"real-heap: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
