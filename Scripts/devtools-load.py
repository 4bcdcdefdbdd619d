#!/usr/bin/env python3
"""Loads .heapsnapshot files into the real Chrome DevTools, and prints what DevTools made of each.

It starts a headless Chromium of its own on a free port with a temporary profile, opens the DevTools front end that
Chromium bundles, and hands each file to the loader behind Memory > Load profile. One line of JSON per file:

  {"file": "a.heapsnapshot", "node_count": 64012, "total_size": 4521345, "class_count": 891, "load_seconds": 1.2}
  {"file": "b.heapsnapshot", "error": "DevTools did not finish within 120 s"}

--class NAME (may be repeated) adds "instances": {NAME: how many objects of that class DevTools counts}.

Exit status: 0 when every file loaded, 1 when one did not, 2 when Chromium could not be started or driven.
Needs chromium and the Python package websockets; Scripts/setup.sh --tests installs both.
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

VENV_PYTHON = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".build", "venv", "bin", "python")

try:
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect
except ImportError:
    if os.path.exists(VENV_PYTHON) and os.environ.get("VIRTUAL_ENV") != "devtools-load":
        os.environ["VIRTUAL_ENV"] = "devtools-load"
        os.execv(VENV_PYTHON, [VENV_PYTHON, *sys.argv])
    sys.exit("devtools-load: the Python package websockets is missing: run Scripts/setup.sh --tests")

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

FRONT_END = "devtools://devtools/bundled/devtools_app.html"
FRONT_END_STANDS = "document.readyState === 'complete' && !!document.querySelector('.root-view *')"
ADD_FILE_INPUT = "document.body.append(Object.assign(document.createElement('input'), {type: 'file', id: 'snapshot'}))"
LOAD = """(async (classNames) => {
  const {HeapSnapshotView} = await import('devtools://devtools/bundled/panels/profiler/profiler.js');
  const type = new HeapSnapshotView.HeapSnapshotProfileType();
  const start = performance.now();
  const error = await type.loadFromFile(document.querySelector('#snapshot').files[0]);
  if (error) return {error: String(error.message ?? error)};
  const snapshot = await type.getProfiles().at(-1).loadPromise;
  const classes = Object.values(await snapshot.aggregatesWithFilter({}));
  const result = {
    node_count: snapshot.nodeCount,
    total_size: snapshot.totalSize,
    class_count: classes.length,
    load_seconds: Math.round(performance.now() - start) / 1000,
  };
  if (classNames.length)
    result.instances = Object.fromEntries(classNames.map((name) =>
      [name, classes.filter((each) => each.name === name).reduce((sum, each) => sum + each.count, 0)]));
  return result;
})"""


class Failure(Exception):
    """Chromium, not a file, is at fault."""


class Crash(Exception):
    """The tab is gone: a file was too much for it."""


class Page:
    """One tab, driven over its debugger's WebSocket."""

    def __init__(self, socket):
        self.socket = socket
        self.last_id = 0

    def call(self, method, deadline, **params):
        self.last_id += 1
        self.socket.send(json.dumps({"id": self.last_id, "method": method, "params": params}))
        while True:
            try:
                reply = json.loads(self.socket.recv(timeout=max(0, deadline - time.monotonic())))
            except ConnectionClosed as error:
                raise Crash("DevTools ended") from error
            if reply.get("method") == "Inspector.targetCrashed":
                raise Crash("DevTools crashed")
            if reply.get("id") == self.last_id:
                if "error" in reply:
                    raise Failure(f"{method}: {reply['error']['message']}")
                return reply["result"]

    def evaluate(self, expression, deadline):
        reply = self.call(
            "Runtime.evaluate", deadline, expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in reply:
            details = reply["exceptionDetails"]
            return {"error": details.get("exception", {}).get("description", details["text"])}
        return reply["result"].get("value")


def wait_until(condition, deadline, what):
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise Failure(f"{what} within {START_SECONDS} s")
        time.sleep(0.05)
    return value


@contextlib.contextmanager
def chromium():
    """The base URL of a Chromium that ends with this block, or with this process where that is killed."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        raise Failure("no chromium on PATH: run Scripts/setup.sh --tests")
    profile = tempfile.mkdtemp(prefix="devtools-load-")
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
        deadline = time.monotonic() + START_SECONDS
        yield f"http://127.0.0.1:{wait_until(port, deadline, 'chromium did not open its debugger')}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()
        shutil.rmtree(profile, ignore_errors=True)


def ask(base, path, method="GET"):
    # The proxies that a machine may name are not for its own loopback address.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(f"{base}/json/{path}", method=method), timeout=START_SECONDS) as reply:
        return reply.read()


def load(base, path, class_names, seconds):
    """What DevTools says of one file. Each gets a tab of its own: DevTools waits for ever for a truncated one's rest."""
    if not os.path.isfile(path):
        return {"error": "no such file"}
    tab = json.loads(ask(base, f"new?{FRONT_END}", "PUT"))
    try:
        with connect(tab["webSocketDebuggerUrl"], max_size=None, open_timeout=START_SECONDS, proxy=None) as socket:
            page = Page(socket)
            started = time.monotonic() + START_SECONDS
            wait_until(
                lambda: page.evaluate(FRONT_END_STANDS, started) is True, started, "the DevTools front end did not open"
            )
            # Tells of crashes.
            page.call("Inspector.enable", started)
            page.evaluate(ADD_FILE_INPUT, started)
            root = page.call("DOM.getDocument", started)["root"]["nodeId"]
            node = page.call("DOM.querySelector", started, nodeId=root, selector="#snapshot")["nodeId"]
            page.call("DOM.setFileInputFiles", started, nodeId=node, files=[os.path.abspath(path)])
            try:
                result = page.evaluate(f"{LOAD}({json.dumps(class_names)})", time.monotonic() + seconds)
            except TimeoutError:
                return {"error": f"DevTools did not finish within {seconds:g} s"}
            except Crash as error:
                return {"error": str(error)}
            return result or {"error": "DevTools gave no answer"}
    except TimeoutError as error:
        raise Failure(f"the DevTools front end did not answer within {START_SECONDS} s") from error
    finally:
        # A tab that crashed may be gone already.
        with contextlib.suppress(urllib.error.HTTPError):
            ask(base, f"close/{tab['id']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--class", dest="classes", action="append", default=[], metavar="NAME")
    parser.add_argument("--timeout", type=float, default=120, metavar="SECONDS", help="for each file (default: 120)")
    arguments = parser.parse_args()
    # As an exception, so that Chromium and its profile go first.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: sys.exit(128 + received))

    all_loaded = True
    try:
        with chromium() as base:
            for path in arguments.files:
                result = load(base, path, arguments.classes, arguments.timeout)
                all_loaded = all_loaded and "error" not in result
                print(json.dumps({"file": path, **result}), flush=True)
    except (Failure, Crash, OSError) as error:
        print(f"devtools-load: {error}", file=sys.stderr)
        return 2
    return 0 if all_loaded else 1


if __name__ == "__main__":
    sys.exit(main())
