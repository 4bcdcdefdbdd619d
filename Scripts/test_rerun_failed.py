import re
import unittest

from rerun_failed import MOST, Case, Results, issues_told, judge, passed

RESULTS = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites><testsuite name="TestResults" errors="0" tests="4" failures="2" skipped="1" time="0.1">
  <testcase classname="Unit.ListTests.Wide" name="fits(width:)" time="0.1"><failure message="1 == 2&#10;of it" /></testcase>
  <testcase classname="Unit.ListTests" name="isThere()"><skipped>there is no &lt;tool&gt;</skipped></testcase>
  <testcase classname="Unit.ListTests" name="lists()" time="0.2" />
  <testcase classname="Unit.ListTests" name="lists(all:)" time="0.2"><failure message="late" /></testcase>
</testsuite></testsuites>"""
WIDE, ALL = Case("Unit.ListTests.Wide", "fits(width:)"), Case("Unit.ListTests", "lists(all:)")


class RerunFailedTests(unittest.TestCase):
    def test_reads_what_failed_and_what_was_skipped(self):
        results = Results.read(RESULTS)
        self.assertEqual(results.failed, [(WIDE, "1 == 2 of it"), (ALL, "late")])
        self.assertEqual(results.skipped, [(Case("Unit.ListTests", "isThere()"), "there is no <tool>")])
        self.assertEqual(results.issues, 2)

    def test_reads_what_xml_does_not_allow(self):
        self.assertEqual(Results.read(RESULTS.replace("late", "l\x1b[1mate")).failed[1], (ALL, "l[1mate"))

    def test_counts_the_issues_of_no_test(self):
        log = "Test run with 3 tests in 1 suite passed after 1 seconds.\n"
        self.assertEqual(issues_told(log), 0)
        self.assertEqual(issues_told(log + "✘ Test run with 4 tests in 2 suites failed after 2.5 seconds with 3 issues.\n"), 3)
        self.assertEqual(issues_told("✘ Test run with 1 test in 0 suites failed after 0.1 seconds with 1 issue.\n"), 1)
        self.assertIsNone(issues_told("error: fatal\n"))

    def test_a_test_that_did_not_run_has_not_passed(self):
        ran = "✔ Test lists() passed after 0.1 seconds.\n✔ Test run with 1 test in 1 suite passed after 0.1 seconds.\n"
        self.assertTrue(passed(ran, 0))
        self.assertFalse(passed(ran, 1))
        self.assertFalse(passed("Test run with 0 tests in 0 suites passed after 0.1 seconds.\n", 0))
        skipped = '➜ Test lists() skipped: "x"\n✔ Test run with 1 test in 1 suite passed after 0.1 seconds.\n'
        self.assertFalse(passed(skipped, 0))

    def test_names_one_test_alone(self):
        self.assertTrue(re.search(WIDE.pattern, "Unit.ListTests/Wide/fits(width:)/ListTests.swift:5:6"))
        self.assertTrue(re.search(ALL.pattern, "Unit.ListTests/lists(all:)/ListTests.swift:9:6"))
        self.assertFalse(re.search(ALL.pattern, "Unit.ListTests/lists()/ListTests.swift:7:6"))
        self.assertTrue(re.search(Case("Unit", "alone()").pattern, "Unit.alone()/ListTests.swift:9:6"))
        self.assertFalse(re.search(ALL.pattern, "Unit.OtherListTests/lists(all:)/OtherListTests.swift:7:6"))

    def test_is_well_where_each_passes_by_itself(self):
        tried = []
        is_well, lines = judge(Results.read(RESULTS), lambda case: tried.append(case) or True)
        self.assertTrue(is_well)
        self.assertEqual(tried, [WIDE, ALL])
        self.assertEqual(
            lines,
            [
                "skipped: Unit.ListTests/isThere(): there is no <tool>",
                "FLAKY: Unit.ListTests.Wide/fits(width:) failed, and passed by itself: 1 == 2 of it",
                "FLAKY: Unit.ListTests/lists(all:) failed, and passed by itself: late",
            ],
        )

    def test_is_not_where_one_fails_again(self):
        is_well, lines = judge(Results.read(RESULTS), lambda case: case == WIDE)
        self.assertFalse(is_well)
        self.assertEqual(lines[-1], "FAILED: Unit.ListTests/lists(all:), also by itself: late")

    def test_runs_none_again_where_too_many_failed(self):
        tried = []
        many = Results([(ALL, "late")] * (MOST + 1), [])
        is_well, lines = judge(many, lambda case: tried.append(case) or True)
        self.assertFalse(is_well)
        self.assertEqual((tried, len(lines)), ([], 1))


if __name__ == "__main__":
    unittest.main()
