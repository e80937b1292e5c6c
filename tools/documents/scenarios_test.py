#!/usr/bin/env python3
"""docs/scenarios.md: every example is a scenario, and requests meet what the line below it says."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "programs"))

# pylint: disable=wrong-import-position
from mock_program import PROGRAM, Mock
from raw_chat import NotConnected, read, send

REFERENCE = "docs/scenarios.md"
HOUR_MS = 3_600_000
STATEMENT = re.compile(
    r"(?:At (?P<ms>\d+) ms )?(?P<what>[Rr]equests|[Ss]treams)(?P<tls> over TLS)?(?P<which>(?: (?:for|at|with) `[^`]+`)*) meet: "
    r"(?P<outcomes>`[^`]+`(?:, `[^`]+`)*)")
FAULTS = {"reset", "close", "close_mid_headers", "close_mid_body", "random_bytes", "empty_body", "invalid_json",
          "truncated_json", "content_length_too_long", "content_length_too_short", "bad_chunk_size", "missing_last_chunk",
          "html_error", "huge_headers", "bad_status_line", "duplicate_content_length"}
ACTIONS = {"reply", "error", "delay_ms", "hang", "drip", "fault", "frames"}
EVENTS = {"stall_ms", "comment", "split_utf8", "malformed", "cut_mid_event", "error_event", "duplicate", "end"}


def reference():
    with open(REFERENCE, encoding="utf-8") as file:
        return file.read()


def examples():
    """[(scenario, [statement])]: each jsonc block with what is said between it and the next block or heading."""
    parts = re.split(r"```jsonc\n(.*?)```", reference(), flags=re.S)
    for scenario, prose in zip(parts[1::2], parts[2::2]):
        said = re.split(r"\n#|\n```", prose)[0].replace("\n", " ")
        yield scenario, list(STATEMENT.finditer(said))


def met(answer, expected):
    """Whether the answer is the outcome, as the page words it."""
    if expected in ("reset", "closed", "refused", "untrusted"):
        return not answer.data and answer.ending == {"closed": "fin"}.get(expected, expected)
    if expected == "no HTTP":
        return bool(answer.data) and answer.status is None
    status, _, text = expected.partition(" ")
    if answer.status != status or answer.ending == "timeout":
        return False
    if text == "cut":
        return answer.is_cut()
    if text == "no JSON":
        return not answer.is_cut() and bool(answer.body) and not is_json(answer.body)
    return text in answer.text()


def is_json(body):
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


class Player:
    """Sends an example's requests on a clock that stands still but for what they need to be answered."""

    def __init__(self, mock, scenario, authority):
        self.mock, self.authority, self.sent = mock, authority, 0
        # Where the clock decides what requests meet, only the page moves it.
        self.moves = "schedule" not in scenario and "limits" not in scenario
        self.now = mock.clock(freeze=True)

    def play(self, statement, check):
        which = dict(re.findall(r" (for|at|with) `([^`]+)`", statement["which"]))
        if statement["ms"]:
            # The clock is told to the microsecond only.
            self.now = self.mock.clock(advance_ms=float(statement["ms"]) - self.now + 0.01)
        port = self.mock.ports[which["at"]] if "at" in which else self.mock.first()
        headers = [which["with"]] if "with" in which else []
        for expected in re.findall(r"`([^`]+)`", statement["outcomes"]):
            try:
                connection = send(port, which.get("for", "gpt-4o"), statement["what"].lower() == "streams", headers,
                                  self.authority if statement["tls"] else None)
            except NotConnected as failure:
                check(expected, met(failure.answer, expected), failure.answer.ending)
                continue
            self.sent += 1
            if self.moves:
                self.mock.wait_for(self.sent)
                self.now = self.mock.clock(advance_ms=HOUR_MS)
            if expected == "silence":
                last = self.mock.journal()[-1]
                check(expected, last["bytes"] == 0 and last["end_ms"] is None, last)
                connection.close()
                continue
            answer = read(connection)
            check(expected, met(answer, expected), (answer.ending, answer.data[:2000]))


class Scenarios(unittest.TestCase):
    def test_every_example_is_played_and_meets_what_the_page_says(self):
        played = 0
        for number, (scenario, statements) in enumerate(examples()):
            self.assertTrue(statements, f"nothing is said about example {number}:\n{scenario}")
            with tempfile.TemporaryDirectory() as directory, \
                    Mock(scenario, ["--ca-out", f"{directory}/ca.pem"]) as mock:
                player = Player(mock, scenario, f"{directory}/ca.pem")
                for statement in statements:
                    def check(expected, holds, came, number=number, statement=statement):
                        with self.subTest(example=number, statement=statement[0], expected=expected):
                            self.assertTrue(holds, came)
                    player.play(statement, check)
                    played += 1
        self.assertGreaterEqual(played, 25)

    def test_nothing_that_reads_like_a_statement_is_left_unplayed(self):
        said = sum(len(statements) for _, statements in examples())
        self.assertEqual(said, reference().count(" meet: "))

    def test_every_action_fault_and_event_has_an_example(self):
        shown = " ".join(scenario for scenario, _ in examples())
        for name in ACTIONS | EVENTS:
            self.assertIn(f'"{name}":', shown)
        self.assertEqual(FAULTS - set(re.findall(r'"fault": "(\w+)"', shown)), set())

    def test_the_mistake_is_worded_as_shown(self):
        with tempfile.TemporaryDirectory() as directory:
            with open(f"{directory}/wrong.json", "w", encoding="utf-8") as file:
                file.write('{"rules": [{"mach": {}, "script": [{"error": 503}]}]}')
            run = subprocess.run([PROGRAM, "--check", "--scenario", "wrong.json"], cwd=directory, capture_output=True,
                                 text=True)
        self.assertEqual(run.returncode, 2)
        self.assertTrue(f"\n{run.stderr}```" in reference(), run.stderr)

    def test_every_model_name_that_is_listed_is_known(self):
        section = reference().split("## Without a scenario")[1]
        names = re.findall(r"`([^`]+)`", section)
        self.assertGreater(len(names), 15)
        with Mock() as mock:
            for sent, name in enumerate(names, start=1):
                connection = send(mock.first(), name)
                entry = mock.wait_for(sent)[-1]
                connection.close()
                self.assertEqual(entry["model"], name)
                self.assertIn("action", entry, name)
                self.assertNotEqual(entry["status"], 400, name)


if __name__ == "__main__":
    unittest.main()
