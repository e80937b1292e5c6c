#!/usr/bin/env python3
"""What a run of fuzzers says and leaves behind, with programs in their place that behave like libFuzzer."""

import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

RUN_FUZZERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "run_fuzzers.py")

QUERY = """<?xml version="1.1" encoding="UTF-8" standalone="no"?>
<query version="2">
  <rule class="cc_test" name="//a/fuzz:one_fuzz">
    <list name="args"><string value="a/corpus"/><string value="a/more"/></list><list name="tags"><string value="fuzz"/></list>
  </rule>
  <rule class="cc_test" name="//b:two_fuzz"><list name="args"><string value="b/corpus"/></list></rule>
</query>"""

# Each notes its arguments.
NOTES = 'printf "%s\\n" "$@" > "$0.arguments"\n'
FINDS_NOTHING = NOTES + 'echo "Done 5 runs in 1 second(s)"'
CRASHES = NOTES + """for a; do case $a in -artifact_prefix=*) printf boom > "${a#*=}crash-1";; esac; done
echo "the reason of the crash"
exit 77"""
FAILS_SILENTLY = NOTES + "exit 1"
DID_NOT_FUZZ = NOTES + 'echo "5 inputs"'


class RunFuzzers(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.results = os.path.join(self.directory, "results.xml")
        self.found = os.path.join(self.directory, "found")

    def program(self, path, script):
        path = os.path.join(self.directory, "bin", path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/bash\n" + script + "\n")
        os.chmod(path, 0o755)
        return path

    def run_fuzzers(self, *arguments, query=QUERY):
        return subprocess.run(
            [sys.executable, RUN_FUZZERS, "--root", "/the/root", "--binaries", os.path.join(self.directory, "bin"),
             "--results", self.results, *arguments], input=query, capture_output=True, text=True,
            env={**os.environ, "TMPDIR": self.directory}, check=False)

    def cases(self):
        """{label: why it failed, or None}."""
        return {case.get("name"): failure.get("message") if (failure := case.find("failure")) is not None else None
                for case in ElementTree.parse(self.results).getroot().iter("testcase")}

    def test_fuzzers_without_a_finding_pass_and_leave_nothing_behind(self):
        self.program("a/fuzz/one_fuzz", FINDS_NOTHING)
        self.program("b/two_fuzz", FINDS_NOTHING)
        before = set(os.listdir(self.directory))
        run = self.run_fuzzers()
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertEqual(self.cases(), {"//a/fuzz:one_fuzz": None, "//b:two_fuzz": None})
        self.assertEqual(set(os.listdir(self.directory)) - before, {"results.xml"})

    def test_each_gets_its_time_the_seed_that_is_printed_and_a_folder_for_new_inputs_before_its_corpora(self):
        one = self.program("a/fuzz/one_fuzz", FINDS_NOTHING)
        run = self.run_fuzzers("--seconds", "7", "--seed", "42", "--found", self.found, "//a/fuzz:one_fuzz")
        self.assertIn("== //a/fuzz:one_fuzz: 7 s, -seed=42\n", run.stdout)
        self.assertEqual(list(self.cases()), ["//a/fuzz:one_fuzz"])
        with open(one + ".arguments", encoding="utf-8") as file:
            arguments = file.read().splitlines()
        self.assertIn("-max_total_time=7", arguments)
        self.assertIn("-seed=42", arguments)
        folders = [argument for argument in arguments if not argument.startswith("-")]
        self.assertEqual(folders, [self.found + "/a/fuzz/one_fuzz/inputs", "/the/root/a/corpus", "/the/root/a/more"])
        self.assertTrue(os.path.isdir(folders[0]))

    def test_a_finding_fails_its_fuzzer_alone_and_is_shown_and_kept(self):
        self.program("a/fuzz/one_fuzz", CRASHES)
        self.program("b/two_fuzz", FINDS_NOTHING)
        run = self.run_fuzzers()
        self.assertEqual(run.returncode, 1)
        self.assertIn("the reason of the crash", run.stdout)
        self.assertIn("Ym9vbQ==", run.stdout)
        cases = self.cases()
        self.assertIsNone(cases["//b:two_fuzz"])
        kept = cases["//a/fuzz:one_fuzz"].split("findings: ")[1].split(";")[0]
        with open(kept, encoding="utf-8") as file:
            self.assertEqual(file.read(), "boom")

    def test_a_fuzzer_that_fails_without_a_finding_or_does_not_fuzz_has_failed(self):
        self.program("a/fuzz/one_fuzz", FAILS_SILENTLY)
        self.program("b/two_fuzz", DID_NOT_FUZZ)
        self.assertEqual(self.run_fuzzers().returncode, 1)
        self.assertTrue(all(self.cases().values()), self.cases())

    def test_no_fuzzers_or_one_that_is_none_is_a_mistake(self):
        for query, labels in ('<query version="2"/>', []), (QUERY, ["//a/fuzz:misspelt"]):
            run = self.run_fuzzers(*labels, query=query)
            self.assertEqual(run.returncode, 2, run.stdout)
            self.assertFalse(os.path.exists(self.results))


if __name__ == "__main__":
    unittest.main()
