"""A headless Chromium with the DevTools front end that it bundles, for the scripts that ask DevTools.

Needs chromium and the Python package websockets; Scripts/setup.sh --tests installs both.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

VENV_PYTHON = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".build", "venv", "bin", "python")

try:
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect
except ImportError:
    if os.path.exists(VENV_PYTHON) and os.environ.get("VIRTUAL_ENV") != "devtools-browser":
        os.environ["VIRTUAL_ENV"] = "devtools-browser"
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

FRONT_END = "devtools://devtools/bundled/devtools_app.html"
FRONT_END_STANDS = "document.readyState === 'complete' && !!document.querySelector('.root-view *')"
ADD_FILE_INPUT = """document.body.append(
  Object.assign(document.createElement('input'), {type: 'file', id: 'snapshots', multiple: true}))"""
# What `load(file)` gives is DevTools' own proxy of a snapshot: what its views ask. An exception in DevTools' worker gets no
# answer, and is told as an unhandled rejection.
LOADER = """const files = [...document.querySelector('#snapshots').files];
const {HeapSnapshotView} = await import('devtools://devtools/bundled/panels/profiler/profiler.js');
const load = async (file) => {
  const type = new HeapSnapshotView.HeapSnapshotProfileType();
  const failed = new Promise((_, reject) => addEventListener('unhandledrejection', (event) => reject(event.reason)));
  const loaded = async () => {
    const error = await type.loadFromFile(file);
    if (error) throw new Error(error.message ?? error);
    return await type.getProfiles().at(-1).loadPromise;
  };
  return await Promise.race([loaded(), failed]);
};"""


class Failure(Exception):
    """Chromium, not a file, is at fault."""


class TabCrashed(Exception):
    """As it does where it is out of memory."""


class Page:
    """One tab, driven over its debugger's WebSocket."""

    def __init__(self, socket):
        self.socket = socket
        self.last_id = 0

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


def end_by_exception():
    """Makes signals exceptions, so that Chromium and its profile go first."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: sys.exit(128 + received))


@contextlib.contextmanager
def chromium():
    """The base URL of a Chromium that ends with this block, or with this process where that is killed."""
    program = find_chromium()
    profile = tempfile.mkdtemp(prefix="devtools-")
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


def evaluate_with(base, paths, body, seconds):
    """What the statements `body` return, in DevTools, of the files: they may `await load(files[0])`. A dictionary with
    `error` where DevTools cannot. It gets a tab of its own: DevTools waits for ever for a truncated file's rest."""
    for path in paths:
        if not os.path.isfile(path):
            return {"error": f"no such file: {path}"}
    tab = json.loads(ask(base, f"new?{FRONT_END}", "PUT"))
    try:
        with connect(tab["webSocketDebuggerUrl"], max_size=None, open_timeout=START_SECONDS, proxy=None) as socket:
            page = Page(socket)
            started = time.monotonic() + START_SECONDS
            wait_until(
                lambda: page.evaluate(FRONT_END_STANDS, started) is True, started, "the DevTools front end did not open"
            )
            page.evaluate(ADD_FILE_INPUT, started)
            root = page.call("DOM.getDocument", started)["root"]["nodeId"]
            node = page.call("DOM.querySelector", started, nodeId=root, selector="#snapshots")["nodeId"]
            files = [os.path.abspath(path) for path in paths]
            page.call("DOM.setFileInputFiles", started, nodeId=node, files=files)
            expression = f"(async () => {{ {LOADER}\n{body} }})()"
            try:
                result = page.evaluate(expression, time.monotonic() + seconds)
            except TimeoutError:
                return {"error": f"DevTools did not finish within {seconds:g} s"}
            except (ConnectionClosed, TabCrashed):
                return {"error": "DevTools' tab crashed"}
            return result or {"error": "DevTools gave no answer"}
    except TimeoutError as error:
        raise Failure(f"the DevTools front end did not answer within {START_SECONDS} s") from error
    finally:
        ask(base, f"close/{tab['id']}")
