#!/usr/bin/env python3
"""Name the tests of a run that took longest, and what was skipped and why.

slowest_tests.py EVENTS   EVENTS is what `swift test --event-stream-output-path` wrote.

As many tests run at a time as there are cores; the others wait, which their own figures count too. Told here is the time in which
a test ran: exact where it has arguments, since each case tells of its beginning; else at least, since the core that it
had was free at one of two moments.
"""

import json
import os
import sys

MOST = 20


class Run:
    """What a run's events tell."""

    def __init__(self, lines, cores):
        self.seconds = {}
        self.skipped = {}  # tests and suites, by the reason
        self.free = []  # since when each core that runs no case has had nothing to do
        self.cases = {}  # when those that run began, by test
        self.cores = cores
        self.with_cases, self.suites = set(), set()
        for line in lines:
            record = json.loads(line)
            payload = record["payload"]
            if record["kind"] == "test":
                if payload["kind"] == "suite":
                    self.suites.add(payload["id"])
            else:
                self.take(payload["kind"], payload.get("testID"), payload["instant"]["absolute"], payload)

    def take(self, kind, test, now, payload):
        if kind == "runStarted":
            self.free = [now] * self.cores
        elif kind == "testCaseStarted":
            self.with_cases.add(test)
            self.cases.setdefault(test, []).append(now)
            if self.free:
                self.free.remove(max(self.free))
        elif kind == "testCaseEnded":
            self.add(test, now - self.cases[test].pop(0))
            self.free.append(now)
        elif kind == "testEnded" and test not in self.suites | self.with_cases and self.free:
            last = max(self.free)
            self.add(test, now - last)
            self.free.remove(last)
            self.free.append(now)
        elif kind == "testSkipped":
            self.skipped.setdefault(reason(payload.get("messages", [])), []).append(test)

    def add(self, test, seconds):
        self.seconds[test] = self.seconds.get(test, 0) + seconds

    def slowest(self):
        return sorted(self.seconds.items(), key=lambda item: -item[1])[:MOST]


def reason(messages):
    """Of messages such as: Test is() skipped: "needs root"."""
    text = "; ".join(message["text"] for message in messages)
    return text.partition(" skipped: ")[2].strip('"') or text or "no reason is given"


def title(test):
    """Without the place in the source: Suite/name()."""
    return "/".join(part for part in test.split("/") if ".swift:" not in part)


def main():
    try:
        with open(sys.argv[1], encoding="utf-8", errors="replace") as file:
            run = Run(file, os.cpu_count() or 1)
    except (OSError, IndexError, ValueError, KeyError) as error:
        sys.exit(f"the tests left no events: {error}")
    print("slowest tests:")
    for test, seconds in run.slowest():
        print(f"  {seconds:7.1f} s  {title(test)}")
    for why, tests in sorted(run.skipped.items()):
        # A suite's tests are told of as well.
        names = sorted(title(test) for test in tests if test not in run.suites)
        print(f"skipped: {len(names)} tests, since {why}: {', '.join(names)}")


if __name__ == "__main__":
    main()
