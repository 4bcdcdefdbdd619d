"""Child processes: run with what they cost, and ended by their own pid, whatever happens."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

# Long enough for a heapdump that is told to end while V8 is busy.
END_SECONDS = 10


class Failure(Exception):
    """Something could not be measured."""


@dataclass
class Run:
    """What a program needed from its start to its end."""

    output: str
    seconds: float
    cpu_seconds: float
    # The largest resident set. The kernel counts the process's copy of this program in, up to the start of its own:
    # if that is larger, this is an upper bound.
    peak_bytes: int

    def json(self):
        return json.loads(self.output)


def run(command, for_memory=False, accepted=(0,), watch=None):
    """Runs a program to its end. What it prints should fit a pipe.

    Raises Failure for exit statuses other than those accepted. The context manager that `watch` makes of the pid is
    entered as long as the program runs."""
    # A function to call in the child makes Popen fork instead of vfork: the child then has a memory of its own, which is
    # smaller than this program's, from its first moment. That takes time, so it is not done where starts are compared.
    fork = (lambda: None) if for_memory else None
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, preexec_fn=fork
        )
        with ended_with_block(process):
            with watch(process.pid) if watch else contextlib.nullcontext():
                output = process.stdout.read()
                _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            # Popen did not see it end.
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in accepted:
            errors.seek(0)
            text = errors.read().decode(errors="replace").strip()
            raise Failure(f"{' '.join(command)}: exit status {process.returncode}: {text}")
        return Run(output.decode(), seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


@contextlib.contextmanager
def ended_with_block(process):
    """Ends a process with the block: by SIGTERM, and by SIGKILL if it does not heed that."""
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()


def end_by_exception():
    """Has signals end this program as an exception does, so that what it has started ends first."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
