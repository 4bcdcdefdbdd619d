"""Tests of how twice the heap is held against the half of it, with a program that stands in for heapdump."""

import os
import tempfile
import unittest
from types import SimpleNamespace
from unittest import mock

import doubling
import limits
from measurements import Bench


class DoublingTests(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.heapdump = os.path.join(directory.name, "heapdump")
        self.asked = os.path.join(directory.name, "asked")
        with open(self.heapdump, "w") as file:
            file.write(f"""#!/bin/sh
echo "$@" >>'{self.asked}'
echo '{{"biggest_objects":[{{"object":{{"id":77}}}}]}}'
""")
        os.chmod(self.heapdump, 0o755)
        self.bench = Bench(
            heapdump=self.heapdump, nodes={}, directory=directory.name, pairs=1, heap_mb=50, tell=lambda _: None)

    def lines(self):
        with open(self.asked) as file:
            return file.read().splitlines()

    def test_ask_each_command_of_each_shape(self):
        cache = SimpleNamespace(shape=lambda shape, items: f"{shape.replace(' ', '-')}-{items}")
        with mock.patch.object(doubling, "SECONDS_OF_ROW", 0):
            doubling.doublings(self.bench, cache, 10)
        self.assertEqual(len(self.bench.comparisons), 6 * len(doubling.SHAPES))
        self.assertTrue(all(row.limit == limits.TWICE_OVER_ONCE and row.has_reference for row in self.bench.comparisons))
        for items in (10, 20):
            self.assertIn(f"retainers a-hub-{items} Item", self.lines())
            self.assertIn(f"show a-hub-{items} @77", self.lines())

    def test_hold_a_comparison_against_both_summaries(self):
        with mock.patch.object(doubling, "SECONDS_OF_ROW", 0):
            doubling.difference(self.bench, "a", "b")
        (row,) = self.bench.comparisons
        self.assertEqual((row.measured, row.limit), ("diff", limits.DIFF_OVER_SUMMARIES))
        self.assertEqual(set(self.lines()), {"diff a b", "summary a", "summary b"})


if __name__ == "__main__":
    unittest.main()
