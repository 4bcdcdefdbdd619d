"""Tests of the judgement itself. Run by Scripts/check.sh; it measures nothing but a moment's processes."""

import io
import os
import sys
import unittest
from contextlib import redirect_stderr, redirect_stdout
from unittest import mock

import bench
import limits
import report
from comparison import Comparison, alternated, pairs_in
from measuring.processes import Failure


def comparison(ours, reference, limit=1.10):
    return Comparison("dump", "writeHeapSnapshot", "s", limit, list(ours), list(reference))


class JudgementTests(unittest.TestCase):
    def test_is_by_the_median_of_the_pairs(self):
        self.assertTrue(comparison([1.0, 1.1, 9.0], [1.0, 1.0, 1.0]).is_within_limit)
        self.assertFalse(comparison([0.5, 1.2, 1.2], [1.0, 1.0, 1.0]).is_within_limit)
        # Each against its neighbour: the same figures in other pairs are another result.
        self.assertTrue(comparison([1.0, 2.0, 4.0], [1.0, 2.0, 4.0]).is_within_limit)
        self.assertFalse(comparison([2.0, 4.0, 1.0], [1.0, 2.0, 4.0]).is_within_limit)

    def test_includes_the_limit_itself(self):
        self.assertTrue(comparison([110], [100], 1.1).is_within_limit)
        self.assertFalse(comparison([110.1], [100], 1.1).is_within_limit)

    def test_passes_what_is_told_only(self):
        self.assertTrue(comparison([50.0], [1.0], None).is_within_limit)

    def test_knows_noise_by_the_reference(self):
        self.assertTrue(comparison([1, 1], [1.0, 1.6]).is_noisy)
        self.assertFalse(comparison([1, 3], [1.0, 1.4]).is_noisy)

    def test_gives_memory_its_allowance(self):
        self.assertEqual(limits.memory_allowance(200 * limits.MB), 26 * limits.MB)


    def test_shows_small_ratios(self):
        row = report.cells(comparison([4.0], [1000.0], 1 / 50))
        self.assertEqual(row[4:], ("0.0040", "0.0040", "0.0200", "ok"))


class PauseTests(unittest.TestCase):
    def test_are_judged_for_large_heaps(self):
        self.assertIsNone(limits.gap_over_write_heap_snapshot(50))
        self.assertEqual(limits.gap_over_write_heap_snapshot(200), 1 / 50)
        self.assertEqual(limits.gap_over_write_heap_snapshot(500), 1 / 50)


class AlternationTests(unittest.TestCase):
    def test_measures_more_pairs_where_they_are_quick(self):
        self.assertEqual(pairs_in(120, 13, at_least=3, at_most=9), 9)
        self.assertEqual(pairs_in(120, 20, at_least=3, at_most=9), 6)
        self.assertEqual(pairs_in(120, 80, at_least=3, at_most=9), 3)
        self.assertEqual(pairs_in(120, 0.1, at_least=20, at_most=9), 20)

    def test_changes_the_order_and_keeps_the_pairs(self):
        order = []
        pairs = alternated(3, lambda: order.append("A") or "a", lambda: order.append("B") or "b")
        self.assertEqual(list(pairs), [("a", "b")] * 3)
        self.assertEqual("".join(order), "ABBAAB")


class ExitStatusTests(unittest.TestCase):
    """Of the program, with figures that are given instead of measured."""

    def status(self, *comparisons, failure=None):
        def measure(arguments, directory):
            self.directory = directory
            if failure:
                raise failure
            return mock.Mock(comparisons=list(comparisons), facts=[])

        self.output = io.StringIO()
        with mock.patch.object(bench, "measure", measure), mock.patch.object(
            sys, "argv", ["bench.py", "--heapdump", "true", "--markdown"]
        ), redirect_stdout(self.output), redirect_stderr(io.StringIO()):
            return bench.main()

    def tearDown(self):
        self.assertFalse(os.path.exists(self.directory))

    def test_is_0_within_the_limits(self):
        self.assertEqual(self.status(comparison([1.0], [1.0]), comparison([9.0], [1.0], None)), 0)
        self.assertNotIn("OVER", self.output.getvalue())

    def test_is_1_above_one_limit(self):
        self.assertEqual(self.status(comparison([1.0], [1.0]), comparison([1.2], [1.0])), 1)
        self.assertIn("OVER", self.output.getvalue())

    def test_is_2_where_nothing_is_known(self):
        self.assertEqual(self.status(failure=Failure("no such program")), 2)


class ReportTests(unittest.TestCase):
    def test_fits_100_columns(self):
        rows = [
            Comparison("memory of a dump of 244 MB", "16 MB + 5 % of the file", "MB", 1.0, [123.4], [128.2]),
            Comparison("start (--version)", "node --version, Node 24", "ms", 1.0, [11.2], [10.4]),
        ]
        for line in report.text([], rows, [("name", "word " * 50)], ["word " * 50]).splitlines():
            self.assertLessEqual(len(line), 100, line)


if __name__ == "__main__":
    unittest.main()
