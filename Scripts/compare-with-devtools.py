#!/usr/bin/env python3
"""Compares heapdump's analysis of snapshots with the real Chrome DevTools', row by row.

  compare-with-devtools.py FILE | LATER:BASE ...       each as Scripts/write-heaps.py prints them
  compare-with-devtools.py --answers ANSWERS           of the files of an earlier `devtools-analysis.py --batch`

Of each file it compares the classes, the statistics and the duplicate strings (`heapdump summary --json --all`), and of
two of one process what changed (`heapdump diff --json --all BASE LATER`). It prints a line for each, the first differences,
and the totals. heapdump is HEAPDUMP_BINARY, or else .build/release/heapdump.

Exit status: 0 when all agree, 1 when anything differs or one of the two fails on a file, 2 when Chromium could not be driven.
"""

import argparse
import json
import os
import subprocess
import sys

from devtools_comparison import compare_diff, compare_summary
from measuring import repository

SCRIPTS = os.path.dirname(os.path.abspath(__file__))
HEAPDUMP = os.environ.get("HEAPDUMP_BINARY") or repository.HEAPDUMP


class Failed(Exception):
    """One side has nothing to compare."""


class Totals:
    def __init__(self, shown, quiet):
        self.shown = shown
        self.quiet = quiet
        self.files = self.failures = 0
        self.compared = {}
        self.differing = {}

    def add(self, what, tallies):
        """Reports one comparison; `tallies` may find out while it goes on that it cannot."""
        try:
            tallies = list(tallies)
        except Failed as failure:
            self.failures += 1
            print(f"{what}: {failure}", flush=True)
            return
        self.files += 1
        if not self.quiet or any(tally.differing for tally in tallies):
            print(f"{what}: {'; '.join(map(str, tallies))}", flush=True)
        for tally in tallies:
            self.compared[tally.kind] = self.compared.get(tally.kind, 0) + tally.compared
            self.differing[tally.kind] = self.differing.get(tally.kind, 0) + len(tally.differing)
            for line in tally.lines(self.shown):
                print(line)

    def __str__(self):
        kinds = "; ".join(f"{count} {kind}, {self.differing[kind]} differ" for kind, count in self.compared.items())
        return f"in all {self.files} comparisons, {self.failures} impossible: {kinds or 'nothing'}"

    @property
    def agree(self):
        return self.files > 0 and not self.failures and not any(self.differing.values())


def heapdump(*arguments, seconds):
    try:
        run = subprocess.run([HEAPDUMP, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise Failed(f"heapdump did not finish within {seconds:g} s") from None
    if run.returncode:
        raise Failed(f"heapdump ended with status {run.returncode}: {run.stderr.decode(errors='replace').strip()}")
    try:
        result = json.loads(run.stdout.decode())
    except ValueError as error:
        raise Failed(f"heapdump printed no JSON: {error}") from None
    if not isinstance(result, dict):
        raise Failed("heapdump printed no JSON object")
    return result


def answers_for(requests):
    """DevTools' answers, while they come."""
    # In another process, since heapdump's turn may begin while DevTools has the next file.
    script = os.path.join(SCRIPTS, "devtools-analysis.py")
    with subprocess.Popen([sys.executable, "-B", script, "--batch", *requests], stdout=subprocess.PIPE) as process:
        try:
            for line in process.stdout:
                yield json.loads(line)
        finally:
            process.terminate()


def compare(answer, totals, seconds):
    paths = [file["file"] for file in answer["files"]]
    names = list(map(os.path.basename, paths))
    if "error" in answer:
        # A generator that fails at its first step.
        totals.add(" against ".join(names), failing(f"DevTools: {answer['error']}"))
        return
    for name, path, file in zip(names, paths, answer["files"]):
        totals.add(name, summaries(file, path, seconds))
    if "diff" in answer:
        later, base = paths
        totals.add(" against ".join(names), diffs(answer["diff"], base, later, seconds))


def failing(reason):
    raise Failed(reason)
    yield


def summaries(answer, path, seconds):
    yield from compare_summary(answer, heapdump("summary", "--json", "--all", path, seconds=seconds))


def diffs(answer, base, later, seconds):
    yield from compare_diff(answer, heapdump("diff", "--json", "--all", "--by-ids", base, later, seconds=seconds))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE", help="or LATER:BASE")
    parser.add_argument("--answers", metavar="ANSWERS", help="what `devtools-analysis.py --batch` printed")
    parser.add_argument("--shown", type=int, default=5, metavar="N", help="differences of each kind (default: 5)")
    parser.add_argument("--quiet", action="store_true", help="say nothing of what agrees")
    parser.add_argument("--timeout", type=float, default=120, metavar="SECONDS", help="for heapdump (default: 120)")
    arguments = parser.parse_args()
    if bool(arguments.files) == bool(arguments.answers):
        parser.error("name files, or their --answers")
    if not os.access(HEAPDUMP, os.X_OK):
        parser.error(f"no program at {HEAPDUMP}: run make build")

    totals = Totals(arguments.shown, arguments.quiet)
    asked = 0
    if arguments.answers:
        with open(arguments.answers) as lines:
            for line in lines:
                compare(json.loads(line), totals, arguments.timeout)
    else:
        for answer in answers_for(arguments.files):
            asked += 1
            compare(answer, totals, arguments.timeout)
        if asked < len(arguments.files):
            print("compare-with-devtools: DevTools did not answer for all files", file=sys.stderr)
            return 2
    print(totals)
    return 0 if totals.agree else 1


if __name__ == "__main__":
    sys.exit(main())
