"""One dump by heapdump, and the judgement on it."""

import json
import os
import subprocess
from dataclasses import dataclass
from typing import Optional

import snapshot

CLASS = "KnownObject"
DUMP_SECONDS = 300
# How forked copies are made; `main` sets it.
FORK = "fork"


@dataclass
class Dump:
    # What went wrong in a word or two, and in full; None where all is well.
    failure: Optional[str] = None
    text: str = ""
    exit_status: Optional[int] = None
    forks: int = 0
    pause_milliseconds: float = 0
    seconds: float = 0
    bytes: int = 0
    # Whether the target was forked although its other threads ran.
    was_forced: bool = False


def command(heapdump, pid, path, method=None):
    return [heapdump, "take", str(pid), "-m", method or FORK, "--json", "--verbose", "-o", path]


def take(heapdump, target, path, method=None, expected=""):
    """Dumps the target, checks the file and removes it.

    - method: None for a forked copy.
    - expected: the method that must have been used, where it is another one; None for any.
    """
    method = method or FORK
    expected = method if expected == "" else expected
    try:
        result = subprocess.run(
            command(heapdump, target.pid, path, method),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=DUMP_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        return Dump("timeout", str(error))
    try:
        return judge(heapdump, target.known, path, result, expected)
    finally:
        if os.path.lexists(path):
            os.remove(path)


def judge(heapdump, known, path, result, expected="fork"):
    story = result.stderr.decode(errors="replace")
    try:
        report = json.loads(result.stdout)
    except ValueError:
        return Dump("report", exit_status=result.returncode, text=f"exit status {result.returncode}, no JSON: {result.stdout[:200]} {story}")
    dump = Dump(
        exit_status=result.returncode,
        forks=report.get("forks", 0),
        pause_milliseconds=report.get("pause_milliseconds", 0),
        seconds=report.get("milliseconds", {}).get("total", 0) / 1000,
        bytes=report.get("bytes", 0),
        was_forced="forking all the same" in story,
    )
    dump.failure, dump.text = failure(heapdump, known, path, result.returncode, report, expected)
    if dump.failure:
        dump.text += f"\n{story}"
    return dump


def failure(heapdump, known, path, status, report, expected):
    if status != 0:
        return f"exit {status}", report.get("error", "")
    if expected and (report.get("method") != expected or (expected in ("fork", "ptrace") and not report.get("forks"))):
        return "method", f"it was not dumped by {expected}: {report}"
    check = subprocess.run([heapdump, "check", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if check.returncode != 0:
        return "invalid", check.stdout.decode(errors="replace")
    try:
        count = snapshot.count_of_class(path, CLASS)
    except (ValueError, KeyError) as error:
        return "unreadable", str(error)
    if count != known:
        return "count", f"{count} objects of {CLASS}, {known} are alive"
    return None, ""
