"""A Node process under stress, and what must hold of it after its dumps."""

import contextlib
import json
import subprocess
import time

import process_state
from measuring import targets

MB = 1000 * 1000
# For what is awaited on a machine that has other work too.
PATIENCE_SECONDS = 60
# A process whose memory has not grown by more than that for so long does not grow any more by its own work.
WARM_UP_SECONDS = 4
WARM_UP_FACTOR = 1.02
# How much larger a process may be after its dumps.
RESIDENT_FACTOR = 1.2
RESIDENT_MORE_BYTES = 64 * MB


class TargetDied(Exception):
    """The one thing that must never happen."""


class Target(targets.Target):
    """A Node process that works, and perhaps the clients that keep asking it."""

    clients = None

    @property
    def known(self):
        """How many objects of the known class it holds."""
        return self.facts.get("known")

    def ask_text(self, path):
        try:
            return super().ask_text(path)
        except OSError as error:
            self.expect_alive()
            raise TargetDied(f"it does not answer: {error}") from error

    def expect_alive(self):
        # A server that is about to end closes its sockets first.
        with contextlib.suppress(subprocess.TimeoutExpired):
            status = self.process.wait(0.5)
            raise TargetDied(f"it ended: {status}; its last words: {self.errors().strip() or 'none'}")

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
        clients.process.stdin.close()
        return json.loads(clients.process.stdout.readline())


@contextlib.contextmanager
def target(node, program, launcher=()):
    """A Target that works, and ends with the block. `launcher` is a row of programs that run before Node and become it."""
    with contextlib.ExitStack() as stack:
        process = stack.enter_context(targets.started([*launcher, *targets.node_command(node, *program.command)], Target))
        if program.clients:
            port = process.facts["port"]
            process.clients = stack.enter_context(targets.started([node, program.clients_path, str(port)]))
        yield process


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
