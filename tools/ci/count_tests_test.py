#!/usr/bin/env python3
"""What CI counts, from files as Bazel, googletest and Node write them."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

COUNT_TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "count_tests.py")

GOOGLETEST = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1"><testsuite name="Suite" tests="3">
  <testcase name="Passes" status="run" result="completed" classname="Suite"/>
  <testcase name="Fails" status="run" result="completed" classname="Suite"><failure message="x"/></testcase>
  <testcase name="IsSkipped" status="run" result="skipped" classname="Suite"><skipped message="y"/></testcase>
</testsuite></testsuites>"""

CRASHED = """<testsuites><testsuite name="crashes" tests="1" errors="1">
  <testcase name="crashes"><error message="exited with error code 139"/></testcase></testsuite></testsuites>"""

NODE = """<testsuites><testsuite name="a completion"><testsuite name="nested">
  <testcase name="passes"/><testcase name="fails" failure="no"><failure type="testCodeFailure"/></testcase>
</testsuite><testcase name="passes too"/></testsuite></testsuites>"""


class CountTests(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def event_file(self, *events):
        return self.write("events.json", "".join(json.dumps(event) + "\n" for event in events))

    def result(self, label, status, xml=None, name="test.xml"):
        outputs = [{"name": "test.log", "uri": "file:///nowhere/test.log"}]
        if xml is not None:
            outputs.append({"name": name, "uri": "file://" + xml.replace(" ", "%20")})
        return {"id": {"testResult": {"label": label}}, "testResult": {"status": status, "testActionOutput": outputs}}

    def count(self, *files):
        """(stdout, stderr) of a run that has to succeed."""
        run = subprocess.run([sys.executable, COUNT_TESTS, *files], capture_output=True, text=True, check=True)
        return run.stdout.strip(), run.stderr

    def test_cases_are_counted_not_targets_and_skipped_ones_are_neither(self):
        xml = self.write("a/test.xml", GOOGLETEST)
        self.assertEqual(self.count(self.event_file(self.result("//a", "FAILED", xml)))[0], "1 1")

    def test_a_crash_is_one_failure(self):
        xml = self.write("a/test.xml", CRASHED)
        self.assertEqual(self.count(self.event_file(self.result("//a", "FAILED", xml)))[0], "0 1")

    def test_a_target_that_left_no_results_is_one_failure_and_is_named(self):
        stdout, stderr = self.count(self.event_file(self.result("//slow:one", "TIMEOUT")))
        self.assertEqual(stdout, "0 1")
        self.assertIn("//slow:one: TIMEOUT", stderr)

    def test_results_cut_off_in_writing_are_one_failure(self):
        xml = self.write("a/test.xml", GOOGLETEST[:90])
        self.assertEqual(self.count(self.event_file(self.result("//a", "TIMEOUT", xml)))[0], "0 1")

    def test_results_that_say_passed_of_a_target_that_failed_are_a_failure(self):
        xml = self.write("a/test.xml", "<testsuites><testcase name='leaks at its end'/></testsuites>")
        self.assertEqual(self.count(self.event_file(self.result("//a", "FAILED", xml)))[0], "1 1")

    def test_other_events_of_the_run_and_other_outputs_are_passed_over(self):
        xml = self.write("a/test.xml", GOOGLETEST)
        events = self.event_file({"id": {"started": {}}}, {"id": {"targetCompleted": {"label": "//a"}}},
                                 self.result("//a", "PASSED", xml, name="test.outputs"))
        self.assertEqual(self.count(events)[0], "0 0")

    def test_paths_with_spaces_are_found(self):
        xml = self.write("a b/test.xml", GOOGLETEST)
        self.assertEqual(self.count(self.event_file(self.result("//a", "FAILED", xml)))[0], "1 1")

    def test_a_junit_file_is_counted_through_its_nested_suites(self):
        self.assertEqual(self.count(self.write("node.xml", NODE))[0], "2 1")

    def test_several_files_are_added_up(self):
        events = self.event_file(self.result("//a", "FAILED", self.write("a/test.xml", GOOGLETEST)))
        self.assertEqual(self.count(events, self.write("node.xml", NODE))[0], "3 2")

    def test_a_junit_file_cut_off_in_writing_is_one_failure_and_is_named_beside_what_others_say(self):
        cut = self.write("cut.xml", NODE[:90])
        stdout, stderr = self.count(cut, self.write("node.xml", NODE))
        self.assertEqual(stdout, "2 2")
        self.assertIn(cut, stderr)

    def test_events_cut_off_in_writing_are_one_failure_beside_those_before(self):
        events = self.event_file(self.result("//a", "PASSED", self.write("a/test.xml", CRASHED.replace("error", "x"))))
        with open(events, "a", encoding="utf-8") as file:
            file.write('{"id": {"testRes')
        stdout, stderr = self.count(events, self.write("node.xml", NODE))
        self.assertEqual(stdout, "3 2")
        self.assertIn(events, stderr)

    def test_no_files_are_nothing(self):
        self.assertEqual(self.count()[0], "0 0")


if __name__ == "__main__":
    unittest.main()
