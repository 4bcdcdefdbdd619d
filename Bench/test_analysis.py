"""Tests of how analyses are measured, with figures that are given instead of measured."""

import os
import tempfile
import unittest
from types import SimpleNamespace
from unittest import mock

import analysis
import limits
import report
import snapshots
from comparison import Comparison
from measurements import Bench
from measuring.processes import Failure


def bench(directory, heapdump="true"):
    return Bench(heapdump=heapdump, nodes={}, directory=directory, pairs=3, heap_mb=50, tell=lambda _: None)


class Cached(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        # Stands in for Node, and only tells its version.
        node = os.path.join(self.directory, "node")
        with open(node, "w") as file:
            file.write("#!/bin/sh\necho v0\n")
        os.chmod(node, 0o755)
        self.cache = snapshots.Cache(os.path.join(self.directory, "cache"), node, lambda _: None)

    def file(self, size=1000):
        path = os.path.join(self.directory, "a.heapsnapshot")
        with open(path, "wb") as file:
            file.truncate(size)
        return path


class DevToolsTests(Cached):
    def against(self, *loads):
        self.bench = bench(self.directory)
        answers = iter(loads)
        analysis.against_devtools(self.bench, self.file(), lambda _: next(answers))
        return self.bench.comparisons[0]

    def test_are_the_reference(self):
        with mock.patch.object(analysis, "SECONDS_OF_PAIRS", 0):
            comparison = self.against(*[analysis.Load(1000.0)] * 4)
        self.assertEqual(comparison.reference, [1000.0] * 3)
        self.assertEqual(comparison.limit, limits.SUMMARY_OVER_DEVTOOLS)
        self.assertTrue(comparison.is_within_limit)

    def test_leave_no_ratio_where_they_cannot_load_the_file(self):
        comparison = self.against(analysis.Load(None, "DevTools crashed"))
        self.assertTrue(comparison.is_within_limit)
        row = report.cells(comparison)
        self.assertEqual((row[1], row[3:]), ("DevTools cannot load it", ("-", "-", "-", "-", "")))
        self.assertIn("DevTools crashed", self.bench.facts[0][1])
        text = report.text([], self.bench.comparisons, self.bench.facts, report.notes(self.bench.comparisons, False, 0))
        self.assertIn("DevTools cannot load it", text)

    def test_that_fail_once_are_not_counted(self):
        loads = [analysis.Load(1000.0), analysis.Load(None, "crashed"), analysis.Load(1000.0), analysis.Load(1000.0)]
        with mock.patch.object(analysis, "SECONDS_OF_PAIRS", 0):
            comparison = self.against(*loads)
        self.assertEqual((len(comparison.ours), len(comparison.reference)), (2, 2))

    def test_that_cannot_be_driven_are_a_failure(self):
        for status, answer in [(0, analysis.Load(2.5)), (1, analysis.Load(None, "no"))]:
            text = '{"load_seconds": 2.5}' if status == 0 else '{"error": "no"}'
            script = os.path.join(self.directory, "script.py")
            with open(script, "w") as file:
                file.write(f"print('{text}'); raise SystemExit({status})")
            with mock.patch.object(analysis, "DEVTOOLS_LOAD", script):
                self.assertEqual(analysis.load("a.heapsnapshot"), answer)
        with open(script, "w") as file:
            file.write("raise SystemExit(2)")
        with mock.patch.object(analysis, "DEVTOOLS_LOAD", script), self.assertRaises(Failure):
            analysis.require_devtools()


class RoomTests(Cached):
    def test_is_looked_for_first(self):
        with mock.patch.object(snapshots, "available_memory", lambda: 10**9):
            self.assertIsNone(self.cache.lack(100))
            self.assertIn("memory", self.cache.lack(200))
            # One that is there need not be written.
            with open(self.cache.path_of_mixed(200), "wb"):
                self.assertIsNone(self.cache.lack(200))
        with mock.patch.object(snapshots.shutil, "disk_usage", lambda _: SimpleNamespace(free=10**8)):
            self.assertIn("disk", self.cache.lack(51))

    def test_is_told_where_it_lacks(self):
        found = bench(self.directory)
        with mock.patch.object(snapshots, "available_memory", lambda: 10**9):
            analysis.analyses(found, self.cache, [1600], load=None)
        self.assertEqual(found.comparisons, [])
        self.assertIn("left out", found.facts[0][1])


class RealHeapTests(Cached):
    def measure(self):
        self.bench = bench(self.directory)
        loads = iter([analysis.Load(1000.0)] * 4)
        with mock.patch.object(analysis, "SECONDS_OF_PAIRS", 0):
            analysis.real(self.bench, self.cache, lambda _: next(loads))

    def test_has_rows_of_its_own(self):
        with mock.patch.object(self.cache, "real", lambda heapdump: self.file()):
            self.measure()
        rows = [(row.measured, row.limit) for row in self.bench.comparisons]
        self.assertEqual(rows[0], ("summary of a real heap, 0 MB", limits.REAL_SUMMARY_OVER_DEVTOOLS))
        self.assertEqual(rows[1], ("anonymous memory of that summary", limits.ANALYSIS_MEMORY_SHARE_OF_FILE))

    def test_is_left_out_where_there_is_no_room(self):
        with mock.patch.object(snapshots, "available_memory", lambda: 10**9):
            self.measure()
        self.assertEqual(self.bench.comparisons, [])
        self.assertIn("left out", self.bench.facts[0][1])

    def test_is_named_by_what_it_is_of(self):
        name = self.cache.name_of_real()
        self.assertTrue(name.startswith("basedpyright-"), name)
        self.assertIn("-node-v0-", name)


class CacheTests(Cached):
    def test_keeps_whole_files_only(self):
        script = lambda path: ["sh", "-c", 'echo new >"$1"', "sh", path]
        path = self.cache.made("a", script)
        os.truncate(path, 0)
        self.assertEqual(self.cache.made("a", script), path)
        self.assertEqual(os.path.getsize(path), 0)
        with self.assertRaises(Failure):
            self.cache.made("b", lambda path: ["sh", "-c", 'echo half >"$1"; exit 1', "sh", path])
        self.assertEqual(os.listdir(self.cache.directory), [os.path.basename(path)])

    def test_tells_sizes_and_programs_apart(self):
        paths = [self.cache.path_of_mixed(40), self.cache.path_of_mixed(350)]
        with mock.patch.object(self.cache, "version", "v1"):
            paths.append(self.cache.path_of_mixed(40))
        with mock.patch.object(snapshots, "BIG_HEAP", snapshots.SYNTHETIC):
            paths.append(self.cache.path_of_mixed(40))
        self.assertEqual(len(set(paths)), 4)


class ShapeTests(Cached):
    def test_are_judged_for_each_megabyte(self):
        small, large = self.file(10**6), os.path.join(self.directory, "b.heapsnapshot")
        with open(large, "wb") as file:
            file.truncate(10**7)
        found = bench(self.directory)
        seconds = {small: 1.0, large: 5.0}
        with mock.patch.object(analysis, "summary", lambda _, path: SimpleNamespace(seconds=seconds[path])):
            analysis.against_mixed(found, "a list", small, large)
        self.assertEqual(set(found.comparisons[0].ratios), {2.0})
        self.assertTrue(found.comparisons[0].is_within_limit)

    def test_are_held_against_files_of_like_size(self):
        self.assertEqual([analysis.similar_size(size * limits.MB) for size in (5, 56, 86, 203)], [25, 50, 75, 200])

    def test_fit_into_the_table(self):
        row = Comparison("summary of many classes, each MB", "mixed heap, 200 MB", "ms", 2.0, [10.5], [10.0])
        devtools = Comparison("anonymous memory of that summary", "the file", "MB", 1.1, [1234.5], [1600.1])
        for line in report.text([], [row, devtools], [], []).splitlines():
            self.assertLessEqual(len(line), 100, line)


if __name__ == "__main__":
    unittest.main()
