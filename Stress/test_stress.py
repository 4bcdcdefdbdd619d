"""Tests of the judgement itself: what must not pass. Run by Scripts/check.sh; no Node is needed."""

import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from unittest import mock

import dump
import process_state
import report
import snapshot
import stress
from programs import PROGRAMS, shares
from target import MB, NotStarted, TargetDied, leftovers, unharmed

WIDTH = ["type", "name", "id"]


def write_snapshot(path, names, node_count=None):
    """Of objects with these classes, and one string with the name of each."""
    strings = sorted(set(names))
    nodes = []
    for number, name in enumerate(names):
        nodes += [1, strings.index(name), number]
        nodes += [0, strings.index(name), number]
    count = len(nodes) // len(WIDTH) if node_count is None else node_count
    meta = {"node_fields": WIDTH, "node_types": [["string", "object"], "string", "number"]}
    with open(path, "w") as file:
        json.dump({"snapshot": {"meta": meta, "node_count": count}, "nodes": nodes, "strings": strings}, file)


class WithDirectory(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.path = os.path.join(self.directory, "dump.heapsnapshot")


class CountTests(WithDirectory):
    def test_counts_objects_of_the_class_alone(self):
        write_snapshot(self.path, ["KnownObject"] * 3 + ["Other"])
        self.assertEqual(snapshot.count_of_class(self.path, "KnownObject"), 3)
        self.assertEqual(snapshot.count_of_class(self.path, "Missing"), 0)

    def test_refuses_a_wrong_number_of_nodes(self):
        write_snapshot(self.path, ["KnownObject"], node_count=7)
        with self.assertRaises(ValueError):
            snapshot.count_of_class(self.path, "KnownObject")


class DumpTests(WithDirectory):
    """Of what heapdump answers; `true` and `false` stand in for its own check."""

    def judge(self, known=2, status=0, heapdump="true", output=None, story="", **report):
        write_snapshot(self.path, ["KnownObject"] * 2)
        whole = {"method": "fork", "forks": 1, "pause_milliseconds": 2.5, "milliseconds": {"total": 100}, **report}
        text = json.dumps(whole) if output is None else output
        result = subprocess.CompletedProcess([], status, text.encode(), story.encode())
        return dump.judge(heapdump, known, self.path, result)

    def test_passes_a_good_one(self):
        good = self.judge()
        self.assertEqual((good.failure, good.forks, good.pause_milliseconds, good.was_forced), (None, 1, 2.5, False))
        self.assertTrue(self.judge(story="its thread x never rests: forking all the same").was_forced)

    def test_fails_all_others(self):
        self.assertEqual(self.judge(status=71, error="why").failure, "exit 71")
        self.assertEqual(self.judge(output="").failure, "report")
        self.assertEqual(self.judge(method="inspector").failure, "method")
        self.assertEqual(self.judge(heapdump="false").failure, "invalid")
        self.assertEqual(self.judge(known=3).failure, "count")
        self.assertEqual(self.judge(known=1).failure, "count")

    def test_fails_one_that_does_not_end(self):
        with mock.patch.object(dump, "DUMP_SECONDS", 0.1), mock.patch.object(dump, "command", lambda *_: ["sleep", "60"]):
            self.assertEqual(dump.take("heapdump", mock.Mock(pid=1), self.path).failure, "timeout")


def state(descriptors=None, threads=7, children=(), ports=(1,), megabytes=100):
    return process_state.State(Counter(descriptors or {"socket": 2}), threads, list(children), set(ports), megabytes * MB)


class LeftoverTests(unittest.TestCase):
    def kinds(self, **now):
        return set(leftovers(state(), state(**now)))

    def test_are_none_where_all_is_as_before(self):
        self.assertEqual(self.kinds(), set())
        self.assertEqual(self.kinds(megabytes=183), set())

    def test_are_found(self):
        self.assertEqual(self.kinds(children=["7 heapdump-fork Z"]), {"children"})
        self.assertEqual(self.kinds(descriptors={"socket": 2, "pipe": 1}), {"descriptors"})
        self.assertEqual(self.kinds(descriptors={"socket": 1}), {"descriptors"})
        self.assertEqual(self.kinds(threads=8), {"threads"})
        self.assertEqual(self.kinds(ports={1, 9229}), {"ports"})
        self.assertEqual(self.kinds(megabytes=186), {"memory"})

    def test_zombies_are_children(self):
        ended = subprocess.Popen(["true"])
        try:
            os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
            self.assertIn(f"{ended.pid} true Z", process_state.children_of(os.getpid()))
        finally:
            ended.wait()


class ApplicationTests(unittest.TestCase):
    def kinds(self, facts, clients=None, quiet=True):
        return set(unharmed({"childSignals": 0, **facts}, clients, quiet))

    def test_sees_nothing_wrong(self):
        self.assertEqual(self.kinds({"pending": 0, "wrong": [], "childSignals": 3, "childrenEnded": 4}), set())
        self.assertEqual(self.kinds({}, {"answered": 9, "errors": []}), set())
        self.assertEqual(self.kinds({"childSignals": 1}, quiet=False), set())

    def test_sees_what_is_wrong(self):
        self.assertEqual(self.kinds({"pending": 1}), {"lost"})
        self.assertEqual(self.kinds({"wrong": ["stat: EIO"]}), {"wrong"})
        self.assertEqual(self.kinds({"childSignals": 5, "childrenEnded": 4}), {"SIGCHLD"})
        self.assertEqual(self.kinds({}, {"answered": 9, "errors": ["reset"]}), {"clients"})
        self.assertEqual(self.kinds({}, {"answered": 0, "errors": []}), {"clients"})


class ExitStatusTests(unittest.TestCase):
    """Of the program, with rows that are given."""

    def status(self, *rows, error=None, arguments=("--kills", "0", "--grown", "0", "--limited", "0", "--dumps", "7", "--nodes", "24")):
        remaining = list(rows)

        def dump_program(*_):
            if error:
                raise error
            return remaining.pop(0) if remaining else report.Row("24", "garbage")

        self.output = io.StringIO()
        with mock.patch.object(stress, "dump_program", dump_program), mock.patch.object(
            sys, "argv", ["stress.py", *arguments]
        ), redirect_stdout(self.output), redirect_stderr(io.StringIO()):
            return stress.main()

    def test_is_0_where_all_is_well(self):
        self.assertEqual(self.status(), 0)

    def test_is_1_for_any_failure(self):
        row = report.Row("24", "garbage", [dump.Dump(forks=1), dump.Dump("count", "2 for 3", forks=2)])
        row.fail("count", "2 for 3")
        self.assertEqual(self.status(row), 1)
        self.assertIn("1× count", self.output.getvalue())
        self.assertIn("1× 1, 1× 2", self.output.getvalue())

    def test_is_2_where_nothing_could_be_tried(self):
        self.assertEqual(self.status(error=NotStarted("no such program")), 2)

    def test_is_1_for_a_death(self):
        with mock.patch.object(stress, "target", side_effect=TargetDied("it ended: -11")):
            row = stress.dump_program("heapdump", "node", "24", PROGRAMS[0], 1, ".", None)
        self.assertEqual(row.kinds, {"DEATH": 1})
        self.assertEqual(self.status(row), 1)


class ShareTests(unittest.TestCase):
    def test_add_up(self):
        counts = [count for _, count in shares(200, PROGRAMS)]
        self.assertEqual(sum(counts), 200)
        self.assertLessEqual(max(counts) - min(counts), 1)


if __name__ == "__main__":
    unittest.main()
