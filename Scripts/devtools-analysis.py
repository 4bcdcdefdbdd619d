#!/usr/bin/env python3
"""Asks the real Chrome DevTools what its heap views show of a snapshot, and prints that as JSON.

  devtools-analysis.py FILE [BASE]                 one indented object
  devtools-analysis.py --batch FILE[:BASE]...      one line for each, from one Chromium: starting it takes its time

  {"chromium": "156.0.8078.79",
   "files": [{"file", "node_count", "total_size", "load_seconds", "statistics": as DevTools gives it,
              "classes": [{"key", "name", "count", "self", "maxRet", "distance"}],
              "duplicate_strings": [{"value", "count", "totalSelfSize", "totalRetainedSize", "truncated"}]}],
   "diff": [{"key", "name", "added_count", "removed_count", "count_delta", "added_size", "removed_size", "size_delta"}]}

`files` holds FILE, and BASE after it. `diff` is what Comparison shows of FILE against BASE. `key` is what DevTools tells
classes apart by: "SCRIPT,LINE,COLUMN,NAME", with lines and columns from 0, where the place of the constructor is known,
and else ",NAME". Unpaired surrogates stay as they are, escaped.

Where DevTools fails there is {"files": [{"file"}…], "error"} instead, and the exit status is 1; 2 where Chromium could not
be started or driven. Answers are kept beside FILE, as NAME.devtools.json, for as long as files, Chromium and this script
stay as they are.
Needs chromium and the Python package websockets; Scripts/setup.sh --tests installs both.
"""

import argparse
import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys

from devtools_browser import LOADER, evaluate_with
from headless_chromium import Failure, chromium, find_chromium
from measuring.processes import end_by_exception

# As JSON text: the debugger's own answers would have U+FFFD for each unpaired surrogate.
ANALYSIS = """const snapshots = [], results = [];
for (const file of files) {
  const start = performance.now();
  const snapshot = await load(file);
  const load_seconds = Math.round(performance.now() - start) / 1000;
  snapshots.push(snapshot);
  const classes = Object.entries(await snapshot.aggregatesWithFilter({})).map(
    ([key, {name, count, self, maxRet, distance}]) => ({key, name, count, self, maxRet, distance}));
  const duplicate_strings = (await snapshot.getDuplicateStrings()).map(
    ({value, count, totalSelfSize, totalRetainedSize, truncated}) =>
      ({value, count, totalSelfSize, totalRetainedSize, truncated}));
  results.push({node_count: snapshot.nodeCount, total_size: snapshot.totalSize, load_seconds,
    statistics: await snapshot.getStatistics(), classes, duplicate_strings});
}
const answer = {files: results};
if (snapshots.length === 2) {
  const [later, base] = snapshots;
  // As the grid of the Comparison view does it: both are seen by the interfaces of the later one.
  const aggregates = await base.aggregatesForDiff(await later.interfaceDefinitions());
  answer.diff = Object.entries(await later.calculateSnapshotDiff('base', aggregates)).map(([key, diff]) => ({
    key, name: diff.name, added_count: diff.addedCount, removed_count: diff.removedCount, count_delta: diff.countDelta,
    added_size: diff.addedSize, removed_size: diff.removedSize, size_delta: diff.sizeDelta}));
}
return JSON.stringify(answer);"""


def chromium_version():
    text = subprocess.run([find_chromium(), "--version"], capture_output=True, text=True, timeout=60).stdout
    version = re.search(r"\d+(\.\d+)+", text)
    if not version:
        raise Failure(f"chromium --version says {text!r}")
    return version.group()


def paths_of(argument):
    """FILE and perhaps BASE. A file may have a colon in its name."""
    if os.path.exists(argument):
        return [argument]
    file, colon, base = argument.partition(":")
    return [file, base] if colon else [file]


class Kept:
    """The answer for `paths` of an earlier run."""

    def __init__(self, paths, version):
        stems = [re.sub(r"\.heapsnapshot$", "", path) for path in paths]
        since = "".join(f".since-{os.path.basename(stem)}" for stem in stems[1:])
        self.path = f"{stems[0]}{since}.devtools.json"
        script = hashlib.sha256((LOADER + ANALYSIS).encode()).hexdigest()
        self.key = {"chromium": version, "script": script, "files": []}
        for path in paths:
            with contextlib.suppress(OSError):
                status = os.stat(path)
                self.key["files"].append([status.st_size, status.st_mtime_ns])

    def read(self):
        with contextlib.suppress(OSError, ValueError), open(self.path) as file:
            kept = json.load(file)
            if kept.get("key") == self.key:
                return kept["answer"]
        return None

    def write(self, answer):
        # The directory may belong to somebody else: what is not kept is asked again.
        with contextlib.suppress(OSError):
            with open(f"{self.path}.partial", "w") as file:
                json.dump({"key": self.key, "answer": answer}, file)
            os.replace(f"{self.path}.partial", self.path)


class DevTools:
    """Starts Chromium with the first question that needs it."""

    def __init__(self, stack, seconds):
        self.stack = stack
        self.seconds = seconds
        self.version = chromium_version()
        self.base = None

    def answer(self, paths):
        kept = Kept(paths, self.version)
        if answer := kept.read():
            # By the names of now: a directory may have been moved.
            return self.named(answer, paths)
        if not self.base:
            self.base = self.stack.enter_context(chromium())
        result = evaluate_with(self.base, paths, ANALYSIS, self.seconds * len(paths))
        if isinstance(result, dict):
            return self.named({"chromium": self.version, "files": [{} for _ in paths], **result}, paths)
        answer = {"chromium": self.version, **json.loads(result)}
        kept.write(answer)
        return self.named(answer, paths)

    def named(self, answer, paths):
        return {**answer, "files": [{"file": path, **file} for path, file in zip(paths, answer["files"])]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--batch", action="store_true", help="each FILE, or FILE:BASE, by itself, a line for each")
    parser.add_argument("--timeout", type=float, default=240, metavar="SECONDS", help="for each file (default: 240)")
    arguments = parser.parse_args()
    if not arguments.batch and len(arguments.files) > 2:
        parser.error("more than FILE and BASE need --batch")
    end_by_exception()

    requests = [paths_of(each) for each in arguments.files] if arguments.batch else [arguments.files]
    status = 0
    try:
        with contextlib.ExitStack() as stack:
            devtools = DevTools(stack, arguments.timeout)
            for paths in requests:
                answer = devtools.answer(paths)
                if "error" in answer:
                    status = 1
                print(json.dumps(answer, indent=None if arguments.batch else 1), flush=True)
    except (Failure, OSError, subprocess.TimeoutExpired) as error:
        print(f"devtools-analysis: {error}", file=sys.stderr)
        return 2
    return status


if __name__ == "__main__":
    sys.exit(main())
