"""A Node process under stress, and what must hold of it after its dumps."""

import contextlib
import json
import subprocess
import tempfile
import time
import urllib.request

import process_state

MB = 1000 * 1000
# For what is awaited on a machine that has other work too.
PATIENCE_SECONDS = 60
# Of a target's standard error, its end: a trace and what it is about.
ERROR_CHARACTERS = 3000
ANSWER_SECONDS = 60
END_SECONDS = 10
# A process whose memory has not grown by more than that for so long does not grow any more by its own work.
WARM_UP_SECONDS = 4
WARM_UP_FACTOR = 1.02
# How much larger a process may be after its dumps.
RESIDENT_FACTOR = 1.2
RESIDENT_MORE_BYTES = 64 * MB


class TargetDied(Exception):
    """The one thing that must never happen."""


class NotStarted(Exception):
    """Nothing can be measured."""


@contextlib.contextmanager
def started(command):
    """A process that has said `ready {…}`, with what it said; ended with the block."""
    with tempfile.NamedTemporaryFile() as errors:
        # It ends itself when its standard input does, should this program be killed.
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
        process.errors_path = errors.name
        try:
            line = process.stdout.readline().decode()
            if not line.startswith("ready "):
                errors.seek(0)
                raise NotStarted(f"{' '.join(command)}: {errors.read().decode(errors='replace')[-2000:]}")
            yield process, json.loads(line[len("ready ") :])
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()


class Target:
    def __init__(self, process, facts, clients):
        self.process = process
        self.pid = process.pid
        self.known = facts.get("known")
        self.url = f"http://127.0.0.1:{facts['port']}"
        self.clients = clients

    def ask(self, path):
        return json.loads(self.ask_text(path))

    def ask_text(self, path):
        # The proxies that a machine may name are not for its own loopback address.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(self.url + path, timeout=ANSWER_SECONDS) as answer:
                return answer.read().decode()
        except OSError as error:
            self.expect_alive()
            raise TargetDied(f"it does not answer: {error}") from error

    def errors(self):
        """The end of its standard error."""
        with open(self.process.errors_path, errors="replace") as file:
            return file.read()[-ERROR_CHARACTERS:]

    def expect_alive(self):
        # A server that is about to end closes its sockets first.
        with contextlib.suppress(subprocess.TimeoutExpired):
            raise TargetDied(f"it ended: {self.process.wait(0.5)}")

    def worst_gap(self):
        """Milliseconds, since it was asked for the last time."""
        return self.ask("/facts")["worstGap"]

    def rest(self):
        """Has it stop working, and waits for what it had begun. Returns its facts."""
        self.ask("/rest")
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            facts = self.ask("/facts")
            if not facts.get("pending") or time.monotonic() > end:
                return facts
            time.sleep(0.05)

    def work(self):
        self.ask("/work")

    def warm_up(self):
        """Lets it work until it has the size that it has at work."""
        largest, since = 0, time.monotonic()
        end = since + PATIENCE_SECONDS
        while time.monotonic() - since < WARM_UP_SECONDS and time.monotonic() < end:
            resident = self.state().resident_bytes
            if resident > largest * WARM_UP_FACTOR:
                largest, since = resident, time.monotonic()
            time.sleep(0.2)

    def state(self):
        try:
            return process_state.read(self.pid)
        except (FileNotFoundError, ProcessLookupError) as error:
            self.expect_alive()
            raise TargetDied(f"it cannot be looked at: {error}") from error

    def settled_state(self):
        """Once connections of requests like ours are closed: when two looks in a row see the same."""
        end = time.monotonic() + PATIENCE_SECONDS
        before = self.state()
        while True:
            time.sleep(0.2)
            now = self.state()
            if (now.descriptors, now.threads) == (before.descriptors, before.threads) or time.monotonic() > end:
                return now
            before = now

    def stop_clients(self):
        """What they say of how it went; None where there are none, or no more."""
        clients, self.clients = self.clients, None
        if clients is None:
            return None
        clients.stdin.close()
        return json.loads(clients.stdout.readline())


@contextlib.contextmanager
def target(node, program, launcher=()):
    """A Target that works, and ends with the block. `launcher` is a row of programs that run before Node and become it."""
    with contextlib.ExitStack() as stack:
        # Any free port: the default one may be somebody else's.
        command = [*launcher, node, "--expose-gc", "--inspect-port=0", *program.command]
        process, facts = stack.enter_context(started(command))
        clients = None
        if program.clients:
            clients, _ = stack.enter_context(started([node, program.clients_path, str(facts["port"])]))
        yield Target(process, facts, clients)


def leftovers(before, now):
    """What differs from the state before the dumps, as sentences by kind."""
    found = {}
    if now.children:
        found["children"] = f"it has children: {', '.join(now.children)}"
    more, fewer = now.descriptors - before.descriptors, before.descriptors - now.descriptors
    if more or fewer:
        found["descriptors"] = f"descriptors: {dict(more)} more, {dict(fewer)} fewer"
    if now.threads != before.threads:
        found["threads"] = f"{now.threads} threads, there were {before.threads}"
    if now.ports != before.ports:
        found["ports"] = f"it listens on {sorted(now.ports)}, it did on {sorted(before.ports)}"
    if foreign := now.mapped_files - before.mapped_files:
        found["mapped files"] = f"it has mapped {', '.join(sorted(foreign))}"
    if now.resident_bytes > before.resident_bytes * RESIDENT_FACTOR + RESIDENT_MORE_BYTES:
        found["memory"] = f"{now.resident_bytes / MB:.0f} MB resident, it had {before.resident_bytes / MB:.0f}"
    return found


def await_nothing_left(target, before, patience=PATIENCE_SECONDS, not_judged=None):
    """Waits until a resting target is as it was, except for `not_judged`. Returns what still differs when patience ends."""
    end = time.monotonic() + patience
    while True:
        found = leftovers(before, target.state())
        found.pop(not_judged, None)
        guardians = process_state.guardians_of(target.pid)
        if guardians:
            found["guardian"] = f"heapdump's helper still runs: {guardians}"
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.1)


def unharmed(facts, clients, quiet_forks_only):
    """What the application itself has noticed, as sentences by kind.

    - quiet_forks_only: whether every fork was at a calm moment, which sends no SIGCHLD.
    """
    found = {}
    if facts.get("pending"):
        found["lost"] = f"{facts['pending']} of what it began never came to an end"
    if facts.get("wrong"):
        found["wrong"] = f"of its own results {len(facts['wrong'])} were wrong: {', '.join(facts['wrong'][:5])}"
    # Several that end at once are one signal.
    if quiet_forks_only and facts["childSignals"] > facts.get("childrenEnded", 0):
        found["SIGCHLD"] = f"{facts['childSignals']} SIGCHLD for {facts.get('childrenEnded', 0)} children"
    if clients is not None:
        if clients["errors"]:
            found["clients"] = f"its clients saw errors: {clients['errors']}"
        if not clients["answered"]:
            found["clients"] = "its clients got no answer"
    return found
