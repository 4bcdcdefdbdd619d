"""SIGKILL at random moments, to heapdump and to the copy that it has the target make."""

import os
import signal
import statistics
import subprocess
import time
from dataclasses import dataclass

import dump
import process_state
from programs import CLIENTS
from report import KillRow
from target import TargetDied, await_nothing_left, target, unharmed

# A new process for this many: only the first dump of one loads the agent.
KILLS_FOR_EACH_TARGET = 4
# How long a dump that was not disturbed is waited for.
END_SECONDS = 120
OUT_OF_MEMORY = 71


@dataclass(frozen=True)
class Moment:
    """A random one between two parts of a dump's usual time, from a line of heapdump's story on; or from when a part of
    the usual bytes is written."""

    line: str
    earliest: float
    latest: float
    bytes_share: float = 0


LOADING = Moment("loading the agent", 0, 0.03)
# Each is taken in turn.
MOMENTS = [
    Moment("", 0, 0.1),
    Moment("sent SIGUSR1", 0, 0.1),
    Moment("is open on port", 0, 0.1),
    Moment("forked as process", 0, 0.1),
    Moment("forked as process", 0, 1),
    Moment("forked as process", 0, 0.1, bytes_share=0.01),
    Moment("forked as process", 0, 0.02, bytes_share=0.8),
    # It is published then.
    Moment("forked as process", 0, 0.02, bytes_share=1),
]
# A fork by ptrace is over in a moment, and what may go wrong is before.
PTRACE_MOMENTS = [
    Moment("method ptrace", 0, 0.1),
    Moment("method ptrace", 0, 0.4),
    Moment("brought code", 0, 0.01),
    Moment("brought code", 0, 0.1),
    Moment("method ptrace", 0, 0.2),
    Moment("brought code", 0, 0.05),
    Moment("forked as process", 0, 1),
    Moment("forked as process", 0, 0.02, bytes_share=0.8),
]
# What the story has come to, the last first.
PHASES = [
    ("forked as process", "forked"),
    ("brought code", "entered"),
    ("method ptrace", "stopping"),
    ("loading the agent", "loading"),
    ("is open on port", "port open"),
    ("sent SIGUSR1", "signalled"),
    ("", "looking"),
]
# More than heapdump writes before the first byte of a snapshot.
BYTES_OF_A_SNAPSHOT = 64 << 10
# What is made of the clients' requests differs from dump to dump.
SHARE_OF_A_WHOLE_ONE = 0.97


class Story:
    """heapdump's standard error, read while it runs."""

    def __init__(self, process):
        self.process = process
        self.text = ""

    def await_line(self, text):
        """Returns whether it came."""
        while text not in self.text:
            line = self.process.stderr.readline()
            if not line:
                return False
            self.text += line.decode(errors="replace")
        return True

    def read_rest(self):
        os.set_blocking(self.process.stderr.fileno(), False)
        while chunk := self.process.stderr.read():
            self.text += chunk.decode(errors="replace")

    def await_bytes(self, count):
        while count and written_bytes(self.process.pid) < count and self.process.poll() is None:
            time.sleep(0.001)

    def phase(self, usual_bytes):
        """Of a heapdump that has not ended."""
        self.read_rest()
        phase = next(name for line, name in PHASES if line in self.text)
        written = written_bytes(self.process.pid)
        if phase != "forked" or written <= BYTES_OF_A_SNAPSHOT:
            return phase
        return "writing" if written < usual_bytes * SHARE_OF_A_WHOLE_ONE else "publishing"


def written_bytes(pid):
    try:
        with open(f"/proc/{pid}/io") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("wchar:"))
    except OSError:
        return 0


def start(heapdump, process, path):
    return subprocess.Popen(
        dump.command(heapdump, process.pid, path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


class HeapdumpKill:
    name = "kill -9 heapdump"

    @staticmethod
    def run(row, heapdump, process, path, moment, usual, chance):
        with start(heapdump, process, path) as run:
            try:
                story = Story(run)
                if story.await_line(moment.line):
                    story.await_bytes(moment.bytes_share * SHARE_OF_A_WHOLE_ONE * usual.bytes)
                    time.sleep(usual.seconds * chance.uniform(moment.earliest, moment.latest))
                phase = story.phase(usual.bytes) if run.poll() is None else "over"
            finally:
                run.kill()
        row.endings[phase if run.wait() == -signal.SIGKILL else "over"] += 1


class CopyKill:
    name = "kill -9 copy"

    @staticmethod
    def run(row, heapdump, process, path, _, usual, chance):
        with start(heapdump, process, path) as run:
            try:
                copies = await_copy(run, process)
                # Early ones more often: it sets itself up, and waits for two words.
                time.sleep(usual.seconds * chance.random() ** 2)
                for pid in copies:
                    kill_copy(process, pid)
                output, story = run.communicate(timeout=END_SECONDS)
            finally:
                run.kill()
        row.endings[f"exit {run.returncode}"] += 1
        if run.returncode not in (0, OUT_OF_MEMORY):
            row.fail(f"exit {run.returncode}", story.decode(errors="replace"))
        if run.returncode == 0:
            os.remove(path)


def await_copy(run, process):
    while run.poll() is None:
        copies = process_state.copies_of(process.pid)
        if copies:
            return copies
        time.sleep(0.002)
    return []


def kill_copy(process, pid):
    if pid in process_state.copies_of(process.pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def kill_often(victim, heapdump, node, major, kills, directory, chance):
    """Kills that many victims at dumps of a server with clients; after each, nothing may be left and a dump must work."""
    row = KillRow(major, victim.name)
    done = 0
    while done < kills:
        count = min(KILLS_FOR_EACH_TARGET, kills - done)
        try:
            with target(node, CLIENTS) as process:
                kill_in_target(row, victim, heapdump, process, range(done, done + count), directory, chance)
        except TargetDied as error:
            row.fail("DEATH", str(error))
        done += count
    return row


def kill_in_target(row, victim, heapdump, process, numbers, directory, chance):
    path = os.path.join(directory, "dump.heapsnapshot")
    before = process.settled_state()
    for number in numbers:
        is_first = number == numbers[0]
        moment = moment_of(number, is_first)
        victim.run(row, heapdump, process, path, moment, usual_dump(row.dumps), chance)
        killed = time.monotonic()
        # A finished dump may have been published in the last moment.
        if os.path.exists(path):
            os.remove(path)
        # What a killed heapdump leaves after ptrace the next one clears away: an ended copy, and some code.
        clears_itself = dump.FORK != "ptrace"
        if not clears_itself:
            await_copies_end(process)
            take_next(row, heapdump, process, path)
        for kind, text in await_nothing_left(process, before).items():
            row.fail(kind, text)
        row.cleared_seconds.append(time.monotonic() - killed)
        if clears_itself:
            take_next(row, heapdump, process, path)
        if os.listdir(directory):
            row.fail("files", f"left beside the output: {os.listdir(directory)}")
    clients = process.stop_clients()
    for kind, text in unharmed(process.rest(), clients, quiet_forks_only=False).items():
        row.fail(kind, text)


def moment_of(number, is_first):
    if dump.FORK == "ptrace":
        return PTRACE_MOMENTS[number % len(PTRACE_MOMENTS)]
    return LOADING if is_first else MOMENTS[number % len(MOMENTS)]


def await_copies_end(process):
    end = time.monotonic() + END_SECONDS
    while process_state.copies_of(process.pid) and time.monotonic() < end:
        time.sleep(0.05)


def usual_dump(dumps):
    good = [each for each in dumps if not each.failure]
    if not good:
        return dump.Dump(seconds=0.5)
    seconds, sizes = [each.seconds for each in good], [each.bytes for each in good]
    return dump.Dump(seconds=statistics.median(seconds), bytes=statistics.median(sizes))


def take_next(row, heapdump, process, path):
    process.worst_gap()
    taken = dump.take(heapdump, process, path)
    row.gaps.append(process.worst_gap())
    row.dumps.append(taken)
    if taken.failure:
        row.fail(taken.failure, taken.text)
