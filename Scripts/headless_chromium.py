"""A headless Chromium of one's own, and its tabs, driven over the DevTools protocol.

For the scripts beside it: importing it starts them anew with .build/venv's Python where their own has no websockets.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from measuring import loopback
from measuring.processes import ended_with_block
from measuring.repository import BUILD

VENV_PYTHON = os.path.join(BUILD, "venv", "bin", "python")

try:
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect
except ImportError:
    if os.path.exists(VENV_PYTHON) and os.environ.get("VIRTUAL_ENV") != "headless-chromium":
        os.environ["VIRTUAL_ENV"] = "headless-chromium"
        os.execv(VENV_PYTHON, [VENV_PYTHON, *sys.argv])
    sys.exit(f"{os.path.basename(sys.argv[0])}: the Python package websockets is missing: run Scripts/setup.sh --tests")

FLAGS = [
    "--headless=new",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    "--remote-allow-origins=*",
    "--remote-debugging-port=0",
]
START_SECONDS = 60


class Failure(Exception):
    """Chromium, not what it was given, is at fault."""


# Whose connection ends where its tab does.
TAB_GONE = ConnectionClosed


class TabCrashed(Exception):
    """As it does where it is out of memory."""


class Page:
    """One tab, driven over its debugger's WebSocket."""

    def __init__(self, socket):
        self.socket = socket
        self.last_id = 0
        # What Chromium tells unasked, once a domain is enabled.
        self.events = []

    def call(self, method, deadline, **params):
        self.last_id += 1
        self.socket.send(json.dumps({"id": self.last_id, "method": method, "params": params}))
        while True:
            reply = json.loads(self.socket.recv(timeout=max(0, deadline - time.monotonic())))
            if reply.get("method") == "Inspector.targetCrashed":
                raise TabCrashed
            if reply.get("id") == self.last_id:
                if "error" in reply:
                    raise Failure(f"{method}: {reply['error']['message']}")
                return reply["result"]
            if "method" in reply:
                self.events.append(reply)

    def evaluate(self, expression, deadline):
        reply = self.call(
            "Runtime.evaluate", deadline, expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in reply:
            details = reply["exceptionDetails"]
            description = details.get("exception", {}).get("description", details["text"])
            return {"error": description.split("\n    at ")[0]}
        return reply["result"].get("value")


def wait_until(condition, deadline, what):
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise Failure(f"{what} within {START_SECONDS} s")
        time.sleep(0.05)
    return value


def find_chromium():
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        raise Failure("no chromium on PATH: run Scripts/setup.sh --tests")
    return program


@contextlib.contextmanager
def chromium():
    """The base URL of a Chromium that ends with this block, or with this process where that is killed."""
    program = find_chromium()
    profile = tempfile.mkdtemp(prefix="headless-chromium-")
    command = [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
    if os.geteuid() == 0:
        # Chromium refuses to run as root within its sandbox.
        command.insert(1, "--no-sandbox")
    if shutil.which("setpriv"):
        command = ["setpriv", "--pdeathsig", "TERM", *command]
    log = open(os.path.join(profile, "stderr"), "w+b")
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, "TMPDIR": profile}
    )

    def port():
        if process.poll() is not None:
            log.seek(0)
            raise Failure(f"chromium ended with status {process.returncode}:\n{log.read().decode(errors='replace')}")
        with contextlib.suppress(FileNotFoundError), open(os.path.join(profile, "DevToolsActivePort")) as file:
            return file.readline().strip()

    try:
        with ended_with_block(process):
            deadline = time.monotonic() + START_SECONDS
            yield f"http://127.0.0.1:{wait_until(port, deadline, 'chromium did not open its debugger')}"
    finally:
        log.close()
        shutil.rmtree(profile, ignore_errors=True)


def ask(base, path, method="GET"):
    return loopback.request(f"{base}/json/{path}", START_SECONDS, method)


@contextlib.contextmanager
def tab(base, url):
    """A tab that shows a URL, and is closed with this block."""
    made = json.loads(ask(base, f"new?{url}", "PUT"))
    try:
        with connect(made["webSocketDebuggerUrl"], max_size=None, open_timeout=START_SECONDS, proxy=None) as socket:
            yield Page(socket)
    finally:
        ask(base, f"close/{made['id']}")
        # It goes later than the answer comes, and may bring another tab to the front as it goes: a tab that was opened
        # meanwhile would be behind that one, where no frame is drawn.
        deadline = time.monotonic() + START_SECONDS
        wait_until(lambda: made["id"] not in ids_of_tabs(base), deadline, "a tab did not close")


def ids_of_tabs(base):
    return [each["id"] for each in json.loads(ask(base, "list"))]
