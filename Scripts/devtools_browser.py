"""The DevTools front end that Chromium bundles, for the scripts that ask DevTools of heap snapshots."""

import os
import time

from headless_chromium import START_SECONDS, TAB_GONE, Failure, TabCrashed, tab, wait_until

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


def evaluate_with(base, paths, body, seconds):
    """What the statements `body` return, in DevTools, of the files: they may `await load(files[0])`. A dictionary with
    `error` where DevTools cannot. It gets a tab of its own: DevTools waits for ever for a truncated file's rest."""
    for path in paths:
        if not os.path.isfile(path):
            return {"error": f"no such file: {path}"}
    try:
        with tab(base, FRONT_END) as page:
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
            except (TAB_GONE, TabCrashed):
                return {"error": "DevTools' tab crashed"}
            return result or {"error": "DevTools gave no answer"}
    except TimeoutError as error:
        raise Failure(f"the DevTools front end did not answer within {START_SECONDS} s") from error
