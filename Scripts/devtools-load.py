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
import json
import os
import sys
import time

from headless_chromium import START_SECONDS, Failure, chromium, end_by_exception, tab, wait_until

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


def load(base, path, class_names, seconds):
    """What DevTools says of one file. Each gets a tab of its own: DevTools waits for ever for a truncated one's rest."""
    if not os.path.isfile(path):
        return {"error": "no such file"}
    try:
        with tab(base, FRONT_END) as page:
            started = time.monotonic() + START_SECONDS
            wait_until(
                lambda: page.evaluate(FRONT_END_STANDS, started) is True, started, "the DevTools front end did not open"
            )
            page.evaluate(ADD_FILE_INPUT, started)
            root = page.call("DOM.getDocument", started)["root"]["nodeId"]
            node = page.call("DOM.querySelector", started, nodeId=root, selector="#snapshot")["nodeId"]
            page.call("DOM.setFileInputFiles", started, nodeId=node, files=[os.path.abspath(path)])
            try:
                result = page.evaluate(f"{LOAD}({json.dumps(class_names)})", time.monotonic() + seconds)
            except TimeoutError:
                return {"error": f"DevTools did not finish within {seconds:g} s"}
            return result or {"error": "DevTools gave no answer"}
    except TimeoutError as error:
        raise Failure(f"the DevTools front end did not answer within {START_SECONDS} s") from error


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--class", dest="classes", action="append", default=[], metavar="NAME")
    parser.add_argument("--timeout", type=float, default=120, metavar="SECONDS", help="for each file (default: 120)")
    arguments = parser.parse_args()
    end_by_exception()

    all_loaded = True
    try:
        with chromium() as base:
            for path in arguments.files:
                result = load(base, path, arguments.classes, arguments.timeout)
                all_loaded = all_loaded and "error" not in result
                print(json.dumps({"file": path, **result}), flush=True)
    except (Failure, OSError) as error:
        print(f"devtools-load: {error}", file=sys.stderr)
        return 2
    return 0 if all_loaded else 1


if __name__ == "__main__":
    sys.exit(main())
