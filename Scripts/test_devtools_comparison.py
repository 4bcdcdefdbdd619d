"""Tests of the comparison itself, between answers and a heapdump that are both made up. Run by Scripts/check.sh."""

import copy
import json
import os
import subprocess
import sys
import tempfile
import unittest

from devtools_comparison import devtools_statistics, place_in

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "compare-with-devtools.py")

# Prints what the test put down for its command and its last argument.
FAKE = """#!/bin/sh
command=$1
for last; do :; done
cat "$SAYS/$command-${last##*/}.json"
"""


def devtools_class(key, name, count, size, retained, distance):
    return {"key": key, "name": name, "count": count, "self": size, "maxRet": retained, "distance": distance}


def duplicate(value, count, size, truncated=False):
    return {"value": value, "count": count, "totalSelfSize": size, "totalRetainedSize": size, "truncated": truncated}


ANSWER = {
    "chromium": "1.2.3",
    "files": [
        {
            "file": "later.heapsnapshot",
            "node_count": 9,
            "total_size": 1000,
            "statistics": {
                "total": 1000,
                "native": {"total": 100, "typedArrays": 40},
                "v8heap": {"total": 900, "code": 300, "jsArrays": 50, "strings": 200, "system": 150},
            },
            "classes": [
                devtools_class(",{a, b}", "{a, b}", 5, 200, 300, 3),
                devtools_class("7,0,14,Session", "Session", 2, 64, 128, 2),
                devtools_class("7,1,14,Session", "Session", 3, 96, 128, 4),
                devtools_class(",Session", "Session", 1, 32, 32, 5),
                devtools_class("7,2,3,a,\nb", "a,\nb", 1, 32, 32, 5),
                devtools_class(",1,2,3,Session", "1,2,3,Session", 1, 32, 32, 5),
                devtools_class(",\ud83d", "\ud83d", 1, 8, 8, 100000001),
            ],
            "duplicate_strings": [duplicate("twice", 2, 48), duplicate("l" * 1024, 2, 99, True), duplicate("l" * 1024, 3, 99)],
        },
        {
            "file": "base.heapsnapshot",
            "node_count": 1,
            "total_size": 10,
            "statistics": {
                "total": 10,
                "native": {"total": 0, "typedArrays": 0},
                "v8heap": {"total": 10, "code": 0, "jsArrays": 0, "strings": 0, "system": 10},
            },
            "classes": [],
            "duplicate_strings": [],
        },
    ],
    "diff": [
        {
            "key": "7,0,14,Session",
            "name": "Session",
            "added_count": 2,
            "removed_count": 1,
            "count_delta": 1,
            "added_size": 64,
            "removed_size": 32,
            "size_delta": 32,
        }
    ],
}


def located(row):
    place = place_in(row["key"])
    return {} if place[0] is None else dict(zip(("script_id", "line", "column"), place))


def summary_of(file):
    """DevTools' own figures as heapdump prints them."""
    return {
        "total_size": file["total_size"],
        "statistics": devtools_statistics(file),
        # Another order.
        "classes": [
            {
                "name": row["name"],
                "count": row["count"],
                "shallow_size": row["self"],
                "retained_size": row["maxRet"],
                "distance": row["distance"],
                **located(row),
            }
            for row in reversed(file["classes"])
        ],
        "duplicate_strings": [
            {"value": row["value"], "count": row["count"], "size": row["totalSelfSize"]}
            for row in reversed(file["duplicate_strings"])
        ],
    }


def diff_of(rows):
    return {"classes": [{**{key: value for key, value in row.items() if key != "key"}, **located(row)} for row in rows]}


class ComparisonTests(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.answer = copy.deepcopy(ANSWER)
        later, base = self.answer["files"]
        self.says = {
            "summary-later.heapsnapshot": summary_of(later),
            "summary-base.heapsnapshot": summary_of(base),
            "diff-later.heapsnapshot": diff_of(self.answer["diff"]),
        }

    def path(self, name):
        return os.path.join(self.directory, name)

    def compare(self):
        with open(self.path("heapdump"), "w") as file:
            file.write(FAKE)
        os.chmod(self.path("heapdump"), 0o755)
        for name, says in self.says.items():
            with open(self.path(f"{name}.json"), "w") as file:
                file.write(says if isinstance(says, str) else json.dumps(says))
        with open(self.path("answers"), "w") as file:
            file.write(json.dumps(self.answer) + "\n")
        environment = {**os.environ, "HEAPDUMP_BINARY": self.path("heapdump"), "SAYS": self.directory}
        command = [sys.executable, "-B", SCRIPT, "--answers", self.path("answers")]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    def assert_agrees(self):
        run = self.compare()
        self.assertEqual((run.returncode, run.stderr), (0, ""), run.stdout)
        return run.stdout

    def assert_differs(self, *texts):
        run = self.compare()
        self.assertEqual((run.returncode, run.stderr), (1, ""), run.stdout)
        for text in texts:
            self.assertIn(text, run.stdout)

    @property
    def later(self):
        return self.says["summary-later.heapsnapshot"]

    def class_at(self, line):
        return next(row for row in self.later["classes"] if row.get("line") == line)

    def test_finds_equality(self):
        output = self.assert_agrees()
        self.assertIn("in all 3 comparisons, 0 impossible: 7 classes, 0 differ", output)
        self.assertIn("later.heapsnapshot against base.heapsnapshot: 1 changed classes, 0 differ", output)

    def test_finds_each_figure_of_a_class(self):
        for key in ("count", "shallow_size", "retained_size", "distance"):
            with self.subTest(key):
                self.class_at(1)[key] += 1
                self.assert_differs('classes: "Session" at 7:1:14', "7 classes, 1 differ")
                self.class_at(1)[key] -= 1
        self.assert_agrees()

    def test_finds_a_class_in_another_place(self):
        self.class_at(1)["column"] = 15
        self.assert_differs('"Session" at 7:1:14', '"Session" at 7:1:15', "heapdump: no such row", "DevTools: no such row")

    def test_finds_a_class_without_its_place(self):
        row = self.class_at(0)
        for key in ("script_id", "line", "column"):
            del row[key]
        self.assert_differs('"Session" at 7:0:14')

    def test_finds_a_class_missing_and_one_too_many(self):
        row = self.later["classes"].pop()
        self.assert_differs('classes: "{a, b}"', "heapdump: no such row")
        self.later["classes"] += [row, row]
        self.assert_differs('classes: "{a, b}"', "DevTools: no such row", "8 classes, 1 differ")

    def test_takes_a_surrogate_for_no_other_character(self):
        self.later["classes"][0]["name"] = "\ufffd"
        self.assert_differs('classes: "\\ud83d"', 'classes: "\\ufffd"')

    def test_finds_statistics(self):
        self.later["statistics"]["other_js_objects_size"] -= 1
        self.assert_differs('statistics: "other_js_objects_size"')
        self.later["statistics"]["other_js_objects_size"] += 1
        del self.later["statistics"]["code_size"]
        self.assert_differs('statistics: "code_size"')

    def test_finds_duplicate_strings(self):
        self.later["duplicate_strings"][0]["count"] += 1
        self.assert_differs("duplicate strings: ", "3 duplicate strings, 1 differ")

    def test_compares_retained_sizes_of_strings_where_they_are_told(self):
        for row in self.later["duplicate_strings"]:
            row["retained_size"] = row["size"]
        self.assert_agrees()
        self.later["duplicate_strings"][0]["retained_size"] += 1
        self.assert_differs("3 duplicate strings, 1 differ")

    def test_finds_changes(self):
        self.says["diff-later.heapsnapshot"]["classes"][0]["removed_size"] += 8
        self.assert_differs('changed classes: "Session" at 7:0:14', "removed_size 32", "removed_size 40")

    def test_fails_with_heapdump(self):
        self.says["summary-base.heapsnapshot"] = "no JSON"
        self.assert_differs("base.heapsnapshot: heapdump printed no JSON", "1 impossible")
        os.remove(self.path("summary-base.heapsnapshot.json"))
        del self.says["summary-base.heapsnapshot"]
        self.assert_differs("base.heapsnapshot: heapdump ended with status 1")

    def test_fails_with_devtools(self):
        self.answer = {"files": [{"file": "later.heapsnapshot"}], "error": "did not finish"}
        self.assert_differs("later.heapsnapshot: DevTools: did not finish")


if __name__ == "__main__":
    unittest.main()
