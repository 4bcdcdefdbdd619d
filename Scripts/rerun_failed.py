#!/usr/bin/env python3
"""Run each test that failed once more, by itself: what fails under load alone is told from a fault.

rerun_failed.py [--log LOG] RESULTS.xml NOTES -- COMMAND...   COMMAND runs the tests that `--filter PATTERN` behind it names.

Exit status: 0 where every test that failed passed by itself, 1 where not, where too many failed, where there are no results, or
where LOG tells of more issues than RESULTS: those of no test, which cannot be run again.
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
        return "^" + re.escape(module) + r"\." + re.escape("/".join([*filter(None, suite.split(".")), self.name]))


class Results(NamedTuple):
    failed: list  # of pairs: a case, and its first failure in a line
    skipped: list  # of pairs: a case, and why
    issues: int = 0  # of all tests

    @classmethod
    def read(cls, text):
        failed, skipped, issues = [], [], 0
        # What a test has caught of a program's output may hold what XML does not allow.
        text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)
        for element in ElementTree.fromstring(text).iter("testcase"):
            case = Case(element.get("classname"), element.get("name"))
            failure, skip = element.find("failure"), element.find("skipped")
            issues += len(element.findall("failure"))
            if failure is not None:
                failed.append((case, one_line(failure.get("message") or failure.text)))
            elif skip is not None:
                skipped.append((case, one_line(skip.text or skip.get("message"))))
        return cls(failed, skipped, issues)


def one_line(text):
    return " ".join((text or "").split())


def issues_told(log):
    """How many a run of tests says at its end that it had; None if it did not come to its end."""
    ends = re.findall(r"Test run with \d+ tests?.* (?:passed|failed) after [^\n]*", log)
    if not ends:
        return None
    issues = re.search(r"with (\d+) issues?", ends[-1])
    return int(issues[1]) if issues else 0


def passed(output, status):
    """Whether one test by itself has: a pattern that no test has ends well, and so does a test that is skipped."""
    ran = re.search(r"Test run with [1-9]\d* tests? .*passed", output)
    return status == 0 and ran is not None and re.search(r"^\S+ Test .* skipped", output, re.MULTILINE) is None


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
    parser.add_argument("--log", help="what the run printed")
    parser.add_argument("results", help="of `swift test --xunit-output`")
    parser.add_argument("notes")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    try:
        with open(arguments.results, encoding="utf-8", errors="replace") as file:
            results = Results.read(file.read())
        if arguments.log:
            with open(arguments.log, encoding="utf-8", errors="replace") as file:
                told = issues_told(file.read())
            if told != results.issues:
                sys.exit(f"the run tells of {told} issues, its tests of {results.issues}: no test explains the others")
    except (OSError, ElementTree.ParseError) as error:
        sys.exit(f"the tests left no results: {error}")

    def passes_alone(case):
        print(f"once more, by itself: {case.title}", flush=True)
        ended = subprocess.run(
            [*arguments.command, "--filter", case.pattern], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        output = ended.stdout.decode(errors="replace")
        print(output, end="", flush=True)
        return passed(output, ended.returncode)

    is_well, lines = judge(results, passes_alone)
    with open(arguments.notes, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)
    sys.exit(0 if is_well else 1)


if __name__ == "__main__":
    main()
