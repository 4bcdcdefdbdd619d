import json
import unittest

from slowest_tests import Run, title

SUITE, CASES, PLAIN, OTHER = "M.A", "M.A/holds(of:)/A.swift:5:2", "M.A/is()/A.swift:9:2", "M.A/was()/A.swift:11:2"


def test(identity, kind="function"):
    return json.dumps({"kind": "test", "payload": {"kind": kind, "id": identity}})


def event(kind, now, identity=None, **more):
    payload = {"kind": kind, "instant": {"absolute": now}, "testID": identity, **more}
    return json.dumps({"kind": "event", "payload": payload})


class SlowestTestsTests(unittest.TestCase):
    def run_of(self, *events):
        return Run([test(SUITE, "suite"), test(CASES), test(PLAIN), test(OTHER), *events], cores=2)

    def test_adds_up_cases(self):
        run = self.run_of(
            event("runStarted", 0), event("testStarted", 0, CASES), event("testCaseStarted", 50, CASES),
            event("testCaseStarted", 51, CASES), event("testCaseEnded", 53, CASES), event("testCaseEnded", 54, CASES),
            event("testEnded", 90, CASES), event("testEnded", 91, SUITE))
        self.assertEqual(run.slowest(), [(CASES, 6)])

    def test_a_test_that_waits_for_a_core_does_not_run(self):
        run = self.run_of(
            event("runStarted", 0), event("testStarted", 0, PLAIN), event("testStarted", 0, OTHER),
            event("testCaseStarted", 0, CASES), event("testEnded", 4, OTHER), event("testEnded", 10, PLAIN),
            event("testCaseEnded", 11, CASES))
        self.assertEqual(run.slowest(), [(CASES, 11), (PLAIN, 6), (OTHER, 4)])

    def test_tells_what_was_skipped(self):
        run = self.run_of(
            event("runStarted", 0),
            event("testSkipped", 1, PLAIN, messages=[{"symbol": "skip", "text": 'Test is() skipped: "needs root"'}]))
        self.assertEqual(run.skipped, {"needs root": [PLAIN]})

    def test_leaves_out_the_place_in_the_source(self):
        self.assertEqual(title(PLAIN), "M.A/is()")
        self.assertEqual(title(SUITE), "M.A")


if __name__ == "__main__":
    unittest.main()
