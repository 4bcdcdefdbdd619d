#!/usr/bin/env python3
"""Run each test that failed once more, by itself: what fails under load alone is told from a fault.

rerun_failed.py RESULTS.xml NOTES -- COMMAND...   COMMAND runs the tests that `--filter PATTERN` behind it names.

Exit status: 0 where every test that failed passed by itself, 1 where not, where too many failed, or where there are no results.
NOTES gets what is to be read last: a line `FLAKY:` for each that passed, with its first failure, and what was skipped.
"""

import argparse
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from typing import NamedTuple

# More are no matter of load.
MOST = 6


class Case(NamedTuple):
    suite: str  # IntegrationTests.ListTests
    name: str  # listsItself()

    @property
    def title(self):
        return f"{self.suite}/{self.name}"

    @property
    def pattern(self):
        """Of this test alone: a suite in a suite is set off by a slash, a module by a point."""
        module, _, suite = self.suite.partition(".")
        return f"^{re.escape(module)}\\.{re.escape(suite.replace('.', '/'))}/{re.escape(self.name)}"


class Results(NamedTuple):
    failed: list  # of pairs: a case, and its first failure in a line
    skipped: list  # of pairs: a case, and why

    @classmethod
    def read(cls, text):
        failed, skipped = [], []
        for element in ElementTree.fromstring(text).iter("testcase"):
            case = Case(element.get("classname"), element.get("name"))
            failure, skip = element.find("failure"), element.find("skipped")
            if failure is not None:
                failed.append((case, one_line(failure.get("message") or failure.text)))
            elif skip is not None:
                skipped.append((case, one_line(skip.text or skip.get("message"))))
        return cls(failed, skipped)


def one_line(text):
    return " ".join((text or "").split())


def judge(results, run):
    """Whether all is well, and the lines that say what was not.

    run: of a case, whether it passes by itself."""
    lines = [f"skipped: {case.title}: {reason or 'no reason is given'}" for case, reason in results.skipped]
    if len(results.failed) > MOST:
        return False, lines + [f"{len(results.failed)} tests failed: more than load explains, so none was run again"]
    is_well = True
    for case, failure in results.failed:
        if run(case):
            lines.append(f"FLAKY: {case.title} failed, and passed by itself: {failure}")
        else:
            is_well = False
            lines.append(f"FAILED: {case.title}, also by itself: {failure}")
    return is_well, lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", help="of `swift test --xunit-output`")
    parser.add_argument("notes")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    try:
        with open(arguments.results, encoding="utf-8", errors="replace") as file:
            results = Results.read(file.read())
    except (OSError, ElementTree.ParseError) as error:
        sys.exit(f"the tests left no results: {error}")

    def passes_alone(case):
        print(f"once more, by itself: {case.title}", flush=True)
        ended = subprocess.run(
            [*arguments.command, "--filter", case.pattern], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        output = ended.stdout.decode(errors="replace")
        print(output, end="", flush=True)
        # A pattern that no test has ends well.
        return ended.returncode == 0 and re.search(r"Test run with [1-9]\d* tests? .*passed", output) is not None

    is_well, lines = judge(results, passes_alone)
    with open(arguments.notes, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)
    sys.exit(0 if is_well else 1)


if __name__ == "__main__":
    main()
