"""Target processes: programs that print `ready {…}` when they can be dumped, and answer over HTTP."""

import contextlib
import json
import subprocess
import tempfile

from measuring import loopback
from measuring.processes import Failure

# The end of a target's standard error: a trace, and what it is about.
ERROR_CHARACTERS = 3000


class Target:
    """A process that is ready, and what it said of itself."""

    answer_seconds = 60

    def __init__(self, process, facts, errors_path):
        self.process = process
        self.pid = process.pid
        self.facts = facts
        self.errors_path = errors_path

    def ask(self, path):
        return json.loads(self.ask_text(path))

    def ask_text(self, path):
        return loopback.request(f"http://127.0.0.1:{self.facts['port']}{path}", self.answer_seconds).decode()

    def errors(self):
        """The end of its standard error."""
        return end_of(self.errors_path)


def end_of(path):
    with open(path, errors="replace") as file:
        return file.read()[-ERROR_CHARACTERS:]


def node_command(node, *arguments):
    # Any free port: the default one may be somebody else's.
    return [node, "--expose-gc", "--inspect-port=0", *map(str, arguments)]


@contextlib.contextmanager
def started(command, kind=Target):
    """A target of that kind, ended with the block. Raises Failure if the program ends before it is ready."""
    with tempfile.NamedTemporaryFile() as errors:
        # It ends itself when its standard input does, should this program be killed.
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
        try:
            line = process.stdout.readline().decode()
            if not line.startswith("ready "):
                raise Failure(f"{' '.join(command)} did not start: {end_of(errors.name).strip()}")
            yield kind(process, json.loads(line[len("ready ") :]), errors.name)
        finally:
            # It has nothing to put in order.
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()
