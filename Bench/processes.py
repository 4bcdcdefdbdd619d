"""Child processes: each is ended by its own pid, whatever happens."""

import contextlib
import json
import os
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass

# The slowest Node, a large heap, a slow machine.
DUMP_SECONDS = 1800
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
    # where that is larger, this is an upper bound.
    peak_bytes: int


def run(command, for_memory=False, accepted=(0,), watch=None):
    """Runs a program to its end. What it prints should fit a pipe.

    Other exit statuses than those accepted are failures. What `watch` makes of the pid is entered as long as it runs."""
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


class Target:
    """A Node process with a large heap, which dumps itself when it is asked to."""

    def __init__(self, process, facts):
        self.process = process
        self.pid = facts["pid"]
        self.url = f"http://127.0.0.1:{facts['port']}"

    def ask(self, path):
        # The proxies that a machine may name are not for its own loopback address.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.url + path, timeout=DUMP_SECONDS) as answer:
            return json.load(answer)

    def cpu_seconds(self):
        """Of all its threads, V8's helpers included, in user space and in the kernel."""
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def target(node, program, *arguments):
    """A Target that ends with the block."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            # Any free port: the default one may be somebody else's.
            [node, "--expose-gc", "--inspect-port=0", program, *map(str, arguments)],
            # It ends itself when this pipe does, should this program be killed.
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        with ended_with_block(process):
            line = process.stdout.readline().decode()
            if not line.startswith("ready "):
                errors.seek(0)
                raise Failure(f"{program} did not start: {errors.read().decode(errors='replace').strip()}")
            yield Target(process, json.loads(line[len("ready ") :]))
