"""Tests of the judgement itself: what must not pass. Run by Scripts/check.sh; no Node is needed."""

import io
import json
import os
import random
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from unittest import mock

import checked
import dump
import limits
import margins
import process_state
import report
import snapshot
import stress
from measuring.processes import Failure
from measuring.repository import TARGETS
from programs import PROGRAMS, shares
from target import MB, TargetDied, await_nothing_left, leftovers, unharmed

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

    def judge(self, known=2, status=0, heapdump="true", output=None, story="", expected="fork", **report):
        write_snapshot(self.path, ["KnownObject"] * 2)
        whole = {"method": "fork", "forks": 1, "pause_milliseconds": 2.5, "milliseconds": {"total": 100}, **report}
        text = json.dumps(whole) if output is None else output
        result = subprocess.CompletedProcess([], status, text.encode(), story.encode())
        return dump.judge(heapdump, known, self.path, result, expected)

    def test_passes_a_good_one(self):
        good = self.judge()
        self.assertEqual((good.failure, good.forks, good.pause_milliseconds, good.was_forced), (None, 1, 2.5, False))
        self.assertTrue(self.judge(story="its thread x never rests: forking all the same").was_forced)

    def test_fails_all_others(self):
        self.assertEqual(self.judge(status=71, error="why").failure, "exit 71")
        self.assertEqual(self.judge(output="").failure, "report")
        self.assertEqual(self.judge(method="inspector").failure, "method")
        self.assertEqual(self.judge(forks=0).failure, "method")
        self.assertEqual(self.judge(heapdump="false").failure, "invalid")
        self.assertEqual(self.judge(known=3).failure, "count")
        self.assertEqual(self.judge(known=1).failure, "count")

    def test_may_expect_another_method(self):
        self.assertEqual(self.judge(expected="inspector").failure, "method")
        self.assertIsNone(self.judge(expected="inspector", method="inspector", forks=0).failure)
        self.assertIsNone(self.judge(expected=None, method="inspector", forks=0).failure)

    def test_fails_one_that_does_not_end(self):
        with mock.patch.object(dump, "DUMP_SECONDS", 0.1), mock.patch.object(dump, "command", lambda *_: ["sleep", "60"]):
            self.assertEqual(dump.take("heapdump", mock.Mock(pid=1), self.path).failure, "timeout")


def state(descriptors=None, threads=7, children=(), ports=(1,), megabytes=100, files=("/bin/node",)):
    descriptors = Counter(descriptors or {"socket": 2})
    return process_state.State(descriptors, threads, list(children), set(ports), megabytes * MB, set(files))


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
        self.assertEqual(self.kinds(files=("/bin/node", "/tmp/other.so")), {"mapped files"})

    def test_leave_out_what_is_not_judged(self):
        process = mock.Mock(pid=os.getpid())
        process.state.return_value = state(megabytes=186)
        self.assertEqual(await_nothing_left(process, state(), patience=0, not_judged="memory"), {})
        self.assertEqual(set(await_nothing_left(process, state(), patience=0)), {"memory"})

    def test_zombies_are_children(self):
        ended = subprocess.Popen(["true"])
        try:
            os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
            self.assertIn(f"{ended.pid} true Z", process_state.children_of(os.getpid()))
        finally:
            ended.wait()


class MappedFileTests(unittest.TestCase):
    def test_know_the_agent(self):
        # The last one is of a heapdump that was killed: the next dump removes it.
        for name in ("/tmp/snapshot-agent-a1B2c3/agent.node (deleted)", "/dev/shm/snapshot-agent-x/agent-0.1.0.so (deleted)", "/tmp/snapshot-agent-x/agent.so"):
            self.assertTrue(process_state.AGENT_FILE.search(name), name)
        for name in ("/usr/lib/libc.so.6", "/tmp/snapshot-agent.node", "/srv/app/build/heapdump.node", "/tmp/x.so (deleted)"):
            self.assertFalse(process_state.AGENT_FILE.search(name), name)

    def test_are_read(self):
        self.assertIn(os.path.realpath(sys.executable), process_state.mapped_files(os.getpid()))


class CheckedTests(unittest.TestCase):
    def kinds(self, done, wrong):
        return [kind for kind, _ in checked.wrong_results({"done": done, "wrong": wrong})]

    def test_pass_what_is_right(self):
        self.assertEqual(self.kinds({"fs.stat": 1}, {}), [])

    def test_fail_what_is_wrong_or_was_never_checked(self):
        wrong = {"fs.stat": {"count": 2, "first": "size is 1, not 2"}, "warning": {"count": 1, "first": "oh"}}
        self.assertEqual(self.kinds({"fs.stat": 5}, wrong), ["wrong fs.stat", "wrong warning"])
        self.assertEqual(self.kinds({"fs.stat": 0}, {}), ["unchecked"])

    def test_dump_by_the_inspector_at_the_end_of_each_process(self):
        with mock.patch.object(checked, "target", mock.MagicMock()), mock.patch.object(checked, "dump_in_target") as dump_in_target:
            checked.dump_often("heapdump", "node", "24", checked.CHECKED[0], 3, ".")
        methods = [call.args[3] for call in dump_in_target.call_args_list]
        self.assertEqual(methods, [["fork", "fork", "inspector"], ["fork", "inspector"]])

    def test_fail_for_what_the_program_and_the_dump_say(self):
        process = mock.MagicMock()
        process.ask.return_value = {"done": {"fs.stat": 5}, "wrong": {"fs.stat": {"count": 1, "first": "size"}}}
        process.rest.return_value = {"childSignals": 0}
        row = report.Row("24", "checks")
        taken = dump.Dump("exit 70", "why", exit_status=70)
        with mock.patch.object(dump, "take", return_value=taken), mock.patch.object(
            checked, "await_nothing_left", return_value={"ports": "9229"}
        ):
            checked.dump_in_target(row, "heapdump", process, ["fork"], "path")
        self.assertEqual(row.kinds, {"exit 70": 1, "ports": 1, "wrong fs.stat": 1})

    def test_wait_for_the_last_check(self):
        process = mock.Mock()
        process.ask.side_effect = [{"done": {"fs.stat": 5, "TCP": 0}}, {"done": {"fs.stat": 9, "TCP": 1}}]
        checked.await_all_checked(process)
        self.assertEqual(process.ask.call_count, 2)

    def test_fail_for_a_death(self):
        with mock.patch.object(checked, "target", side_effect=TargetDied("it ended: -6")):
            row = checked.dump_often("heapdump", "node", "24", checked.CHECKED[0], 4, ".")
        self.assertEqual(row.kinds, {"DEATH": 2})

    def test_have_a_program_for_each_group(self):
        directory = os.path.join(TARGETS, "checks")
        groups = {name.removesuffix(".js") for name in os.listdir(directory)}
        self.assertEqual(groups - {name for program in checked.CHECKED for name in program.checks}, set())


class MarginTests(unittest.TestCase):
    def test_leave_so_many_numbers(self):
        self.assertEqual(margins.descriptor_limit([0, 1, 2], 0), 3)
        self.assertEqual(margins.descriptor_limit([0, 1, 2, 4], 1), 5)
        self.assertEqual(margins.descriptor_limit([0, 2, 9], 0), 1)
        self.assertEqual(margins.descriptor_limit([0, 2, 9], 3), 5)

    def test_are_of_all_kinds_and_within_their_ranges(self):
        chance = random.Random(1)
        given = [margins.any_margins(chance, margins.RANGES) for _ in range(500)]
        counts = Counter(name for each in given for name in margins.RANGES if getattr(each, name) is not None)
        for name, (least, most) in margins.RANGES.items():
            self.assertGreater(counts[name], 50, name)
            values = [getattr(each, name) for each in given if getattr(each, name) is not None]
            self.assertTrue(least <= min(values) and max(values) <= most, name)
        self.assertTrue(any(" + " in each.names for each in given))
        self.assertEqual({each.names for each in (margins.any_margins(chance, ["tasks"]) for _ in range(9))}, {"tasks"})

    def test_lift_to_the_hard_limit(self):
        with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
            try:
                # It has opened all that it ever opens.
                process.stdin.write(b"begun\n")
                process.stdout.readline()
                hard = process_state.hard_limit(process.pid, "nofile")
                group = mock.Mock()
                limits_of_it = margins.Limits(margins.Margins(descriptors=5), process.pid, None, group, group)
                limits_of_it.lower()
                self.assertEqual(self.soft_limit(process.pid), str(3 + 5))
                limits_of_it.lift()
                self.assertEqual(self.soft_limit(process.pid), hard)
            finally:
                process.kill()

    def soft_limit(self, pid):
        with open(f"/proc/{pid}/limits") as file:
            return next(line.split()[3] for line in file if line.startswith("Max open files"))


class LimitsTests(unittest.TestCase):
    """Of how a dump under limits may end."""

    def kinds(self, **facts):
        return [kind for kind, _ in limits.judge(dump.Dump(**facts))]

    def test_may_be_a_snapshot_or_a_reason(self):
        self.assertEqual(self.kinds(exit_status=0), [])
        for status in (69, 71, 72, 75):
            self.assertEqual(self.kinds(failure=f"exit {status}", text="why", exit_status=status), [])

    def test_may_be_nothing_else(self):
        self.assertEqual(self.kinds(failure="count", text="2 for 3", exit_status=0), ["count"])
        self.assertEqual(self.kinds(failure="exit 68", text="it died", exit_status=68), ["exit 68"])
        self.assertEqual(self.kinds(failure="exit 69", text=" ", exit_status=69), ["no reason"])
        self.assertEqual(self.kinds(failure="timeout", text="300 s"), ["timeout"])

    def test_tries_again_where_a_limit_ends_the_program(self):
        chance = random.Random(1)
        endings = [limits.EndedByItself, None, None]
        with mock.patch.object(limits, "dump_once", side_effect=endings):
            row = limits.dump_often("heapdump", "node", "24", limits.PROGRAMS[0], 2, ".", chance)
        self.assertEqual((row.failures, row.endings), ([], {"ended without a dump": 1}))
        with mock.patch.object(limits, "dump_once", side_effect=limits.EndedByItself):
            row = limits.dump_often("heapdump", "node", "24", limits.PROGRAMS[0], 1, ".", chance)
        self.assertEqual(row.kinds, {"untried": 1})


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

    def status(self, *rows, error=None, arguments=("--kills", "0", "--grown", "0", "--limited", "0", "--checked", "0", "--limits", "0", "--dumps", "7", "--nodes", "24")):
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
        self.assertEqual(self.status(error=Failure("no such program")), 2)

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
