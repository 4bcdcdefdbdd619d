"""Tests of how the real heap is dumped, with programs that stand in for the checker and for heapdump."""

import os
import tempfile
import unittest

import real_heap
from measuring.processes import Failure


class WriteTests(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.path = os.path.join(self.directory, "a.heapsnapshot")

    def write(self, checker, heapdump):
        stand_in = os.path.join(self.directory, "heapdump")
        with open(stand_in, "w") as file:
            file.write(f"#!/bin/sh\n{heapdump}\n")
        os.chmod(stand_in, 0o755)
        watching = ["sh", "-c", f"echo $$ >pid; {checker}"]
        real_heap.write(watching, self.directory, stand_in, self.path)

    def assert_checker_ended(self):
        with open(os.path.join(self.directory, "pid")) as file:
            self.assertFalse(os.path.exists(f"/proc/{file.read().strip()}"))

    def test_dumps_the_checker_while_it_watches(self):
        # Fails unless the process that is named lives; the last argument is the path.
        dump = 'kill -0 "$2" || exit 1; for last; do :; done; echo "$2" >"$last"'
        self.write(f"echo 0 errors; echo '{real_heap.IS_CHECKED}...'; exec sleep 60", dump)
        with open(self.path) as dumped, open(os.path.join(self.directory, "pid")) as checker:
            self.assertEqual(dumped.read(), checker.read())
        self.assert_checker_ended()

    def test_tells_what_a_checker_said_that_ended(self):
        with self.assertRaisesRegex(Failure, "out of memory"):
            self.write("echo out of memory; exit 134", "exit 0")
        self.assertFalse(os.path.exists(self.path))

    def test_ends_the_checker_where_heapdump_fails(self):
        with self.assertRaisesRegex(Failure, "refused"):
            self.write(f"echo '{real_heap.IS_CHECKED}'; exec sleep 60", "echo refused >&2; exit 69")
        self.assert_checker_ended()


class TextTests(unittest.TestCase):
    def test_ends_at_the_mark(self):
        lines = iter(["a\n", f"{real_heap.IS_CHECKED}...\n", "b\n"])
        real_heap.read_until(lines, real_heap.IS_CHECKED)
        self.assertEqual(next(lines), "b\n")

    def test_is_told_by_its_end(self):
        with self.assertRaises(Failure) as caught:
            real_heap.read_until((f"line {number}\n" for number in range(1000)), real_heap.IS_CHECKED)
        self.assertIn("line 999", str(caught.exception))
        self.assertNotIn("line 989", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
