#!/usr/bin/env python3
"""What a soak would find: each of its checks, given something that is wrong, says so."""

import argparse
import dataclasses
import itertools
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "programs"))

# pylint: disable=wrong-import-position
import faults
import gateway_config
import mix
import prometheus
import soak
import vitals
from clients import stream_mistakes
from ledger import Answer, Ledger, Row, differences
from wire import Connection, Cut

ID = "01a20f80-288f-764d-82e5-78ffc465b089"
ANSWER = Answer(ID, "gpt-4o", False, 200, True, "alpha", "1/alpha", 1.25, at_s=100)
ROW = Row(ID, "gpt-4o", "alpha", 0, 1.25, 1, None, 2, "1/alpha", 5, 7)


class Ledgers(unittest.TestCase):
    def test_an_answer_and_its_row_are_compared_whichever_comes_first(self):
        for first_row in (True, False):
            ledger = Ledger()
            steps = [lambda ledger=ledger: ledger.answers([ANSWER]),
                     lambda ledger=ledger: ledger.take_rows([ROW], ["gpt-4o"])]
            wrong = [step() for step in (reversed(steps) if first_row else steps)]
            self.assertEqual(wrong, [[], []])
            self.assertEqual((ledger.compared, ledger.unclaimed(), ledger.overdue(1000)), (1, 0, []))

    def test_every_column_that_differs_is_said(self):
        for column, value in {"model": "small", "provider": "beta", "streaming": 1, "cost_sats": 1.26, "success": 0,
                              "retries": None}.items():
            found = differences(ANSWER, ROW._replace(**{column: value}))
            self.assertEqual(len(found), 1, column)
            self.assertTrue(found[0].startswith(column), found)
        self.assertTrue(differences(ANSWER, ROW._replace(cost_sats=None)))
        self.assertTrue(differences(dataclasses.replace(ANSWER, cost_sats=None), ROW))

    def test_a_failure_has_its_status_and_a_broken_stream_that_of_a_gateway(self):
        failed = dataclasses.replace(ANSWER, status=503)
        self.assertEqual(differences(failed, ROW._replace(success=0, error_status=503)), [])
        self.assertTrue(differences(failed, ROW._replace(success=0, error_status=502)))
        broken = dataclasses.replace(ANSWER, whole=False)
        self.assertEqual(differences(broken, ROW._replace(success=0, error_status=504)), [])
        self.assertTrue(differences(broken, ROW._replace(success=0, error_status=499)))
        self.assertTrue(differences(broken, ROW))

    def test_an_answer_without_a_row_is_lost_after_a_while(self):
        ledger = Ledger()
        ledger.answers([ANSWER])
        self.assertEqual(ledger.overdue(101), [])
        self.assertEqual(len(ledger.overdue(111)), 1)
        self.assertEqual(ledger.lost, 1)

    def test_an_id_that_is_missing_or_twice_is_said(self):
        self.assertTrue(Ledger().answers([dataclasses.replace(ANSWER, id="")]))
        self.assertTrue(Ledger().answers([ANSWER, ANSWER]))

    def test_rows_and_metrics_are_equal_or_it_is_said_where_not(self):
        ledger = Ledger()
        ledger.take_rows([ROW, ROW._replace(correlation_id="b", model="made-up", success=0, error_status=400,
                                            provider=None, cost_sats=None, attempts=0)], ["gpt-4o"])
        text = """# HELP arbstr_requests_total and so on
arbstr_requests_total{provider="alpha",model="gpt-4o",status="200",streaming="false"} 1
arbstr_requests_total{provider="none",model="other",status="400",streaming="false"} 1
arbstr_upstream_attempts_total{provider="alpha",outcome="answered"} 2
arbstr_log_rows_committed_total 2
arbstr_tokens_total{provider="alpha",direction="input"} 10
arbstr_tokens_total{provider="alpha",direction="output"} 14
arbstr_requests_in_flight 0
arbstr_cost_sats_total{provider="alpha"} 1.25
"""
        self.assertEqual(ledger.metric_differences(prometheus.parse(text)), [])
        for line in text.splitlines()[1:]:
            changed = text.replace(line, line.rsplit(" ", 1)[0] + " 9")
            self.assertEqual(len(ledger.metric_differences(prometheus.parse(changed))), 1, line)


class Vitals(unittest.TestCase):
    def test_growth_after_the_warm_up_is_said_and_noise_is_not(self):
        warming = [(5000 * step, step) for step in range(20)]
        flat = [(100000 + 1000 * (step % 3), 70 + step % 5) for step in range(80)]
        self.assertEqual(vitals.growth(warming + flat), [])
        leaking = [(100000 + 1000 * step, 70) for step in range(80)]
        self.assertIn("memory", vitals.growth(warming + leaking)[0])
        opening = [(100000, 70 + step) for step in range(80)]
        self.assertIn("descriptors", vitals.growth(warming + opening)[0])
        self.assertTrue(vitals.growth([]))

    def test_a_process_can_be_looked_at(self):
        rss, descriptors = vitals.sample(os.getpid())
        self.assertGreater(rss, 1000)
        self.assertGreater(descriptors, 2)


class Streams(unittest.TestCase):
    WHOLE = b'data: {"text":"finis"}\n\n: arbstr {"cost_sats":1.5,"latency_ms":3}\n\ndata: [DONE]\n\n'
    BROKEN = b'data: {"error":{"message":"ended without [DONE]"}}\n\n'

    def test_an_honest_end_is_right(self):
        self.assertEqual(stream_mistakes(self.WHOLE, True), [])
        self.assertEqual(stream_mistakes(self.BROKEN, False), [])

    def test_a_dishonest_end_is_said(self):
        for body, whole in ((self.BROKEN, True), (self.WHOLE, False), (b"data: {}\n\n", False),
                            (self.WHOLE.replace(b"finis", b"fin"), True), (self.WHOLE.replace(b": arbstr", b": "), True)):
            self.assertEqual(len(stream_mistakes(body, whole)), 1, body)


class Wire(unittest.TestCase):
    def read(self, data):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def answer():
                other, _ = listener.accept()
                with other:
                    other.sendall(data)

            thread = threading.Thread(target=answer)
            thread.start()
            connection = Connection(listener.getsockname()[1])
            try:
                return connection.read_body(connection.read_head()[1])
            finally:
                connection.close()
                thread.join()

    def test_a_whole_answer_is_told_from_a_cut_one(self):
        chunked, sized = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
        self.assertEqual(self.read(chunked + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), (b"abcde", True))
        self.assertEqual(self.read(chunked + b"3\r\nabc\r\n"), (b"abc", False))
        self.assertEqual(self.read(chunked + b"3\r\nabc\r\n0\r\n"), (b"abc", False))
        self.assertEqual(self.read(sized + b"abc"), (b"abc", True))
        self.assertEqual(self.read(sized + b"ab"), (b"ab", False))
        self.assertRaises(Cut, self.read, b"HTTP/1.1 200 OK\r\n")


class Inputs(unittest.TestCase):
    def test_the_mock_takes_the_scenario(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump(faults.scenario(7), file)
            file.flush()
            subprocess.run(["mock_provider/mock_provider", "--check", "--scenario", file.name], check=True)

    def test_arbstr_takes_both_configurations_and_refuses_the_wrong_one(self):
        ports = {name: 1000 + number for number, name in enumerate(faults.PROVIDERS)}
        right = [gateway_config.text(ports, "soak.db", variant) for variant in (0, 1)]
        self.assertNotEqual(*right)
        for text, status in (right[0], 0), (right[1], 0), (gateway_config.wrong(right[0]), 2):
            with tempfile.NamedTemporaryFile("w", suffix=".toml", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                run = subprocess.run(["proxy/arbstr", "check", "--config", file.name], capture_output=True, text=True,
                                     check=False)
                self.assertEqual(run.returncode, status, run.stderr)

    def test_the_same_seed_asks_the_same(self):
        asked = [[mix.chat(mix.draw(source), source) for _ in range(100) for source in [stream]]
                 for stream in (random.Random("7-0"), random.Random("7-0"), random.Random("7-1"))]
        self.assertEqual(asked[0], asked[1])
        self.assertNotEqual(asked[0], asked[2])


class Run(unittest.TestCase):
    def test_one_that_ends_early_has_not_passed(self):
        """Once by a /metrics that does not come, while both programs run."""
        options = argparse.Namespace(minutes=10, rps=20, clients=2, seed=1, proxy=os.path.abspath("proxy/arbstr"),
                                     mock=os.path.abspath("mock_provider/mock_provider"))
        with tempfile.TemporaryDirectory() as directory:
            run = soak.Soak(options, directory)
            try:
                outcomes = itertools.chain([TimeoutError("timed out")], itertools.repeat(mock.DEFAULT))
                with mock.patch("prometheus.fetch", wraps=prometheus.fetch, side_effect=outcomes):
                    run.run()
            finally:
                run.close()
        self.assertTrue(any("TimeoutError" in wrong for wrong in run.wrong), run.wrong)


if __name__ == "__main__":
    unittest.main()
