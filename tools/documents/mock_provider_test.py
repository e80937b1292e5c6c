#!/usr/bin/env python3
"""docs/mock_provider.md, and the mock in README.md: every command is run, and prints what the page shows. There "…" stands
for anything."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "programs"))

# pylint: disable=wrong-import-position
from mock_program import PROGRAM, Mock

GUIDE = "docs/mock_provider.md"
README = "README.md"
SCENARIOS = "mock_provider/scenarios"
RUN = "tools/bazel run //mock_provider -- "
PATIENCE_S = 60


def guide():
    with open(GUIDE, encoding="utf-8") as file:
        return file.read()


def commands(block):
    """[(command, expected output)] of a console block."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def curl(port, model, patience_s):
    """(HTTP status, exit status) of curl's request for a model."""
    body = json.dumps({"model": model, "messages": [], "stream": model.startswith(("stream:", "hang:frame"))})
    run = subprocess.run(
        ["curl", "-sN", "--max-time", str(patience_s), "-o", os.devnull, "-w", "%{http_code}", "-d", body,
         f"http://127.0.0.1:{port}/v1/chat/completions"], capture_output=True, text=True, timeout=2 * PATIENCE_S)
    return run.stdout, str(run.returncode)


def fits(output, expected):
    # An answer need not end its line.
    wanted = ".*?".join(re.escape(piece) for piece in expected.rstrip("\n").split("…"))
    return re.fullmatch(wanted, output.rstrip("\n"), re.S) is not None


class Guide(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)
        shutil.copytree(SCENARIOS, os.path.join(self.directory, SCENARIOS))
        self.mock = None
        self.addCleanup(self.stop)

    def stop(self):
        if self.mock:
            mock, self.mock = self.mock, None
            self.assertEqual(mock.end(), 0)

    def serve(self, arguments):
        """Starts the mock with these arguments, but on free ports; returns its output with the page's ports."""
        self.stop()
        arguments = [re.sub(r":91\d\d$", ":0", argument) for argument in arguments]
        self.mock = Mock(arguments=[argument for argument in arguments if argument != "--quiet"],
                         directory=self.directory)
        self.real = {9100: self.mock.ports["admin"], 9101: self.mock.first()}
        output = "".join(self.mock.lines)
        for page, port in self.real.items():
            output = output.replace(f":{port}\n", f":{page}\n")
        return output

    def shell(self, command):
        command = command.replace(RUN, PROGRAM + " ")
        for page, port in self.real.items():
            command = command.replace(f":{page}", f":{port}")
        run = subprocess.run(["bash", "-c", command], cwd=self.directory, capture_output=True, text=True,
                             timeout=PATIENCE_S)
        self.assertEqual(run.stderr, "", command)
        return run.stdout

    def test_every_command_prints_what_the_page_shows(self):
        ran = 0
        for block in re.findall(r"```console\n(.*?)```", guide(), flags=re.S):
            for command, expected in commands(block):
                serves = command.startswith(RUN) and "--freeze" not in command and "--check" not in command
                output = self.serve(command[len(RUN):].split()) if serves else self.shell(command)
                ran += 1
                # What a start prints may go without saying.
                if not (serves and not expected):
                    self.assertTrue(fits(output, expected), f"$ {command}\n{output}\nis not\n{expected}")
        self.assertGreaterEqual(ran, 15)

    def test_the_scenario_of_the_tests_to_copy_hangs_on_the_third_request_alone(self):
        scenario, = re.findall(r"```json\n(.*?)```", guide(), flags=re.S)
        with Mock(scenario) as mock:
            met = [curl(mock.first(), "gpt-4o", patience_s=2) for _ in range(4)]
        self.assertEqual(met, [("200", "0"), ("200", "0"), ("000", "28"), ("200", "0")])

    def test_the_answer_that_the_readme_shows_is_the_mocks(self):
        with open(README, encoding="utf-8") as file:
            section = file.read().split("## The mock provider, on its own")[1].split("\n## ")[0]
        start, ask = re.findall(r"```console\n(.*?)```", section, flags=re.S)
        self.serve(next(commands(start))[0][len(RUN):].split())
        command, expected = next(commands(ask.replace("\\\n", "")))
        output = self.shell(command.replace("curl -i", "curl -si").replace("localhost", "127.0.0.1"))
        self.assertEqual(output.replace("\r", "") + "\n", expected)

    def test_curl_meets_each_action_as_the_table_says(self):
        rows = re.findall(r"^\| `([^`]+)` \| (\d\d\d) \| (\d+) \| ", guide(), flags=re.M)
        faults = {name[len("fault:"):] for name, _, _ in rows if name.startswith("fault:")}
        self.assertEqual((len(rows), len(faults)), (35, 16))
        with Mock() as mock, ThreadPoolExecutor(8) as pool:
            def met(row):
                # Only what never ends needs an end set to it.
                return curl(mock.first(), row[0], patience_s=3 if row[2] == "28" else PATIENCE_S)
            for row, came in zip(rows, pool.map(met, rows)):
                self.assertEqual(came, row[1:], row[0])

    def test_every_finding_and_threshold_is_in_the_table_and_none_is_made_up(self):
        section = guide().split("## The verdict")[1].split("## Play")[0]
        thresholds = dict(re.findall(r"`(\w+)=(\d+)`", section))
        with Mock() as mock:
            for name, value in thresholds.items():
                self.assertTrue(mock.admin("GET", f"/__admin/verdict?{name}={value}")["ok"])
        self.assertEqual(len(thresholds), 9)

    def test_the_library_has_as_many_scenarios_as_it_says(self):
        self.assertEqual(len(os.listdir(SCENARIOS)), 16)
        self.assertIn("has sixteen to start with", guide())


if __name__ == "__main__":
    unittest.main()
