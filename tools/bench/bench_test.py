#!/usr/bin/env python3
"""The bench's own arithmetic, and one short run of it against the real programs."""

import os
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "programs")]

# pylint: disable=wrong-import-position
import hung
import load
import plot
import report
import upstreams


def figures(**lists):
    found = report.Figures()
    found.values = lists
    return found


class Bodies(unittest.TestCase):
    def test_bodies_have_the_size_that_was_asked_for(self):
        for size in (400, 60000):
            self.assertEqual(len(load.chat_body(size)), size)
            self.assertEqual(len(upstreams.completion(size)), size)
        self.assertIn(b"Content-Length: 400\r\n", hung.request(load.chat_body(400)))


class Tables(unittest.TestCase):
    def test_a_measure_is_a_median_with_its_range(self):
        self.assertEqual(figures(cpu_us=[3.0, 1.0, 2.0]).shown("cpu_us", 1), "2.0 [1.0..3.0]")

    def test_ratios_are_against_the_baseline(self):
        text = report.table("a request", {"arbstr": figures(cpu_us=[3.0]), "nginx": figures(cpu_us=[2.0])}, "nginx")
        self.assertIn("| arbstr | 3.0 [3.0..3.0] | 1.50 |", text)
        self.assertIn("| nginx | 2.0 [2.0..2.0] | 1.00 |", text)

    def test_added_latency_is_what_goes_beyond_the_provider_asked_directly(self):
        result = {"cpu_us": 10, "duration_us": 1e6, "p50_us": 70, "p99_us": 90, "p999_us": 95, "rss_bytes": 2**20}
        self.assertEqual(report.measures(result, 2, 40)["added_us"], 30)
        self.assertEqual(report.measures(result, 2)["cpu_us"], 5)


class TargetsTest(unittest.TestCase):
    def test_a_target_is_met_up_to_its_bound_and_missed_beyond(self):
        for cpu, verdict in ((2.0, "| met |"), (2.1, "| MISSED |")):
            found = {"400 B to 1024 B": {"arbstr": figures(cpu_us=[cpu]), "nginx": figures(cpu_us=[2.0])}}
            self.assertIn(verdict, report.Targets(found, {}).check())

    def test_what_was_not_measured_has_no_verdict(self):
        self.assertEqual(len(report.Targets({}, {}).check().splitlines()), 2)


class Plot(unittest.TestCase):
    def test_every_bar_has_its_name_and_its_value(self):
        text = plot.bars("t", [("case", {"arbstr": 10.0, "nginx": 5.0})])
        self.assertIn("10.0 µs", text)
        self.assertEqual(text.count("<rect"), 3)


@unittest.skipUnless(all(os.path.exists(f"/usr/{path}") for path in ("sbin/nginx", "sbin/haproxy", "bin/wrk")),
                     "nginx, haproxy and wrk are not installed")
class WholeRun(unittest.TestCase):
    def test_a_short_run_measures_every_contender_and_holds_the_targets_against_it(self):
        bench = os.path.join(HERE, "bench.py")
        done = subprocess.run([sys.executable, bench, "--rounds", "1", "--cases", "400 B to 1024 B", "--hung", "50"],
                              capture_output=True, text=True, check=False, timeout=240)
        self.assertEqual(done.returncode, 0, done.stderr)
        for expected in ("| arbstr | ", "| nginx | ", "| haproxy | ", "400 B request, CPU / nginx", "hung request, bytes"):
            self.assertIn(expected, done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
