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
import sys

from devtools_browser import evaluate_with
from headless_chromium import Failure, chromium
from measuring.processes import end_by_exception

SUMMARY = """const start = performance.now();
const snapshot = await load(files[0]);
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
return result;"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--class", dest="classes", action="append", default=[], metavar="NAME")
    parser.add_argument("--timeout", type=float, default=120, metavar="SECONDS", help="for each file (default: 120)")
    arguments = parser.parse_args()
    end_by_exception()

    body = f"const classNames = {json.dumps(arguments.classes)};\n{SUMMARY}"
    all_loaded = True
    try:
        with chromium() as base:
            for path in arguments.files:
                result = evaluate_with(base, [path], body, arguments.timeout)
                all_loaded = all_loaded and "error" not in result
                print(json.dumps({"file": path, **result}), flush=True)
    except (Failure, OSError) as error:
        print(f"devtools-load: {error}", file=sys.stderr)
        return 2
    return 0 if all_loaded else 1


if __name__ == "__main__":
    sys.exit(main())
