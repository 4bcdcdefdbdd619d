#!/usr/bin/env python3
"""What heapdump says first of the programs in Tests/Leaks, as a table in Markdown: what `summary` suspects, what `diff` says grew, and
whether that is what leaks (Tests/Leaks/expected.json). Each program is dumped twice, by a fork.

Usage: leaks.py VERSION…  (of Node, as Scripts/node-versions.sh puts them under .build; needs `make build`)
"""

import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading

from measuring.processes import Failure, run
from measuring.repository import HEAPDUMP, ROOT, node_path

LEAKS = ROOT + "/Tests/Leaks"
# In so many lines "grown" between the dumps: of most programs' heaps, a fifth and more is the leak by then.
GROWTHS = 6


def heapdump(*arguments):
    return run([HEAPDUMP, *arguments])


class Program:
    """A leaking program that runs; ends with the block."""

    def __init__(self, version, name):
        self.process = subprocess.Popen(
            [node_path(version), "--inspect-port=0", name], cwd=LEAKS, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.growths = 0
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            with self.changed:
                self.growths += line.startswith(("ready", "grown"))
                self.changed.notify()

    def await_growths(self, count):
        with self.changed:
            if not self.changed.wait_for(lambda: self.growths >= count, timeout=120):
                sys.exit(f"{self.process.args}: it did not leak as it should within 120 s")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.reader.join()


def says(version, leak, directory):
    """The first suspect's sentence and class, and the first growth's text and class."""
    files = [f"{directory}/{name}.heapsnapshot" for name in ("older", "newer")]
    with Program(version, leak["program"]) as program:
        program.await_growths(1)
        for file in files:
            if file == files[1]:
                program.await_growths(program.growths + GROWTHS)
            heapdump("take", str(program.process.pid), "-q", "-m", "fork", "--overwrite", "-o", file)
    suspect = (heapdump("summary", files[1], "--json").json()["suspects"] or [{"sentence": "nothing", "class": ""}])[0]
    growth = (heapdump("diff", *files, "--json").json()["growth"] or [{"class": ""}])[0]
    lines = heapdump("diff", *files).output.splitlines()
    start = lines.index("What grew, and what holds it") + 1
    first = [line for line in lines[start : start + 3] if line.startswith(" ")]
    text = " ".join(" ".join(first[:2]).split())
    return suspect["sentence"], suspect["class"], text, growth["class"]


def is_right(said, name, names, place):
    return place in said and any(name.startswith(expected) for expected in names)


def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def main():
    with open(LEAKS + "/expected.json", encoding="utf-8") as file:
        leaks = json.load(file)
    total = [0, 0, 0]
    print("# Thirty-two programs that leak, and what heapdump says first\n")
    print("Each program in `Tests/Leaks` leaks in a way of its own. It is dumped twice by a fork, and `summary` is asked about the second")
    print("dump and `diff` about both. The first answer of each is below, and whether it is right. A test keeps them on Node 26.\n")
    print(f"Made by `Scripts/leaks.py {' '.join(sys.argv[1:])}` on {datetime.date.today()}, {platform.machine()}, {os.cpu_count()} cores.")
    for version in sys.argv[1:]:
        print(f"\n## Node {version}\n\n| what leaks | `summary` says first | | `diff` says first | |\n| --- | --- | --- | --- | --- |")
        for leak in leaks:
            with tempfile.TemporaryDirectory() as directory:
                sentence, suspect, text, grown = says(version, leak, directory)
            right = (
                is_right(sentence, suspect, leak["summary"]["suspect"], leak["summary"]["place"]),
                is_right(text, grown, leak["diff"]["grown"], leak["diff"]["place"]),
            )
            total = [total[0] + right[0], total[1] + right[1], total[2] + 1]
            words = ["right" if answer else "**wrong**" for answer in right]
            print(f"| {leak['leak']} | {cell(sentence)} | {words[0]} | {cell(text)} | {words[1]} |", flush=True)
    print(f"\nRight: `summary` {total[0]} of {total[2]}, `diff` {total[1]} of {total[2]}.")
    sys.exit(total[0] + total[1] < 2 * total[2])


try:
    main()
except Failure as error:
    sys.exit(str(error))
