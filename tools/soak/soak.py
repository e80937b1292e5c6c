#!/usr/bin/env python3
"""Hours of everything at once: the gateway, providers that fail in every way, and clients good and bad.

What clients saw is compared with the rows as they are written, at the end with /metrics too, and memory and
descriptors are watched. Exits with 1 where anything was not as promised; docs/reliability.md says what is promised.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "programs"))

# pylint: disable=wrong-import-position
import gateway_config
import prometheus
import report
import vitals
from clients import Clients, wave
from faults import MODELS, scenario
from ledger import COLUMNS, Ledger, Row
from programs import Program, find

RELOAD_EVERY_S = 20
WAVE = 20
SHOWN = 50


class Soak:
    def __init__(self, options, directory):
        self.wrong = []
        self._options, self._directory = options, directory
        self._config, self._database = os.path.join(directory, "config.toml"), os.path.join(directory, "arbstr.db")
        path = os.path.join(directory, "scenario.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(scenario(options.seed), file)
        self._mock = Program([options.mock, "--quiet", "--scenario", path, "--admin", "127.0.0.1:0"],
                             "admin", directory)
        self.configure(0)
        self._proxy = Program([options.proxy, "serve", "--config", self._config], "arbstr", directory)
        self._port = self._proxy.ports["arbstr"]
        self._ledger, self._samples, self._last_row = Ledger(), [], 0
        self._reloads = self._open_breakers = 0

    def configure(self, variant, wrong=False):
        text = gateway_config.text(self._mock.ports, self._database, variant)
        with open(self._config, "w", encoding="utf-8") as file:
            file.write(gateway_config.wrong(text) if wrong else text)

    def complain(self, mistakes):
        for mistake in mistakes:
            if len(self.wrong) < SHOWN:
                print(f"\nWRONG: {mistake}", flush=True)
            self.wrong.append(mistake)

    def check(self, seen, everything=False):
        """Takes answers before rows: an answer that has been read has its row soon after."""
        answers, mistakes = seen.take()
        self.complain(mistakes + self._ledger.answers(answers))
        database = sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)
        rows = database.execute(f"SELECT id, {', '.join(COLUMNS)} FROM requests WHERE id > ? ORDER BY id",
                                (self._last_row,)).fetchall()
        database.close()
        if rows:
            self._last_row = rows[-1][0]
        self.complain(self._ledger.take_rows([Row(*row[1:]) for row in rows], MODELS))
        self.complain(self._ledger.overdue(float("inf") if everything else time.monotonic()))

    def reload(self):
        """By turns: the other configuration, a wrong one, the first again."""
        self._reloads += 1
        self.configure(self._reloads // 2 % 2, wrong=self._reloads % 2 == 1)
        self._proxy.signal(signal.SIGHUP)

    def run(self):
        clients = Clients(self._port, self._options.clients, self._options.rps, self._options.seed)
        seen, began, progress = clients.seen, time.monotonic(), report.Progress()
        elapsed = next_check = 0
        next_reload = RELOAD_EVERY_S
        try:
            while elapsed < self._options.minutes * 60 and self._proxy.running() and self._mock.running():
                time.sleep(1)
                elapsed = time.monotonic() - began
                self._samples.append(vitals.sample(self._proxy.pid))
                if elapsed >= next_check:
                    next_check = elapsed + report.CHECK_EVERY_S
                    self.check(seen)
                    self._open_breakers += prometheus.total(prometheus.fetch(self._port, gateway_config.TOKEN),
                                                        "arbstr_breaker_state", state="open") > 0
                if elapsed >= next_reload:
                    next_reload += RELOAD_EVERY_S
                    self.reload()
                progress.show(elapsed, report.line(elapsed, seen, self._ledger, self._samples, len(self.wrong)))
        except KeyboardInterrupt:
            print("\nending early")
        except (OSError, StopIteration) as error:  # a program is gone, or does not answer any more
            self.complain([f"ended after {elapsed:.0f} s: {error!r}"])
        clients.stop()
        self.end(seen, elapsed)

    def settled(self, readable):
        """/metrics once all is at rest, or after half a minute: requests whose client left end a little later than
        the others, and a page that counts the last row may have looked at the queue just before."""
        until = time.monotonic() + 30
        while True:
            metrics = prometheus.fetch(self._port, gateway_config.TOKEN)
            at_rest = (prometheus.total(metrics, "arbstr_log_rows_committed_total") >= readable and not any(
                prometheus.total(metrics, gauge) for gauge in ("arbstr_requests_in_flight", "arbstr_log_queue_depth")))
            if at_rest or time.monotonic() > until:
                return metrics
            time.sleep(0.2)

    def end(self, seen, elapsed):
        if not self._proxy.running() or not self._mock.running():
            self.complain(seen.take()[1])
            for name, program in ("arbstr", self._proxy), ("mock_provider", self._mock):
                if not program.running():
                    self.complain([f"{name} ended by itself: {program.wait()}\n{''.join(program.tail)}"])
            return
        metrics = self.settled(seen.readable)
        mock_metrics = prometheus.fetch(self._mock.ports["admin"])
        self.check(seen)
        if self._ledger.rows != seen.readable:
            self.complain([f"{seen.readable} readable requests, {self._ledger.rows} rows"])
        self.complain(self._ledger.metric_differences(metrics))
        self.complain(vitals.growth(self._samples))
        arrived, rest = wave(self._port, WAVE, seen, self._options.seed)
        self._proxy.signal(signal.SIGTERM)
        rest()
        if arrived != WAVE:
            self.complain([f"of {WAVE} streams before SIGTERM {arrived} began"])
        if (status := self._proxy.wait()) != 0:
            self.complain([f"SIGTERM: exit status {status}"])
        self.check(seen, everything=True)
        self.complain(f"stderr: {line}" for line in self._proxy.alarms + self._mock.alarms)
        if self._ledger.rows != seen.readable or self._ledger.unclaimed() != seen.left_unseen:
            self.complain([f"at the end: {seen.readable} readable requests, {self._ledger.rows} rows; "
                           f"{seen.left_unseen} without an answer, {self._ledger.unclaimed()} such rows"])
        database = sqlite3.connect(self._database)
        self.complain(f"integrity_check: {line}" for (line,) in database.execute("PRAGMA integrity_check")
                      if line != "ok")
        database.close()
        print(report.summary(report.Outcome(seen, self._ledger, metrics, mock_metrics, vitals.trends(self._samples),
                                            self._reloads, self._open_breakers)))
        print(f"log lines: {dict(self._proxy.levels)}")
        print(f"ran {elapsed / 60:.1f} minutes, {sum(seen.kinds.values()) / max(elapsed, 1):.1f} requests/s")

    def close(self):
        self._proxy.end()
        self._mock.end()


def main():
    parser = argparse.ArgumentParser(prog="tools/bazel run //tools:soak --", description=__doc__, allow_abbrev=False,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30, help="how long (30)")
    parser.add_argument("--rps", type=float, default=60, help="requests a second of all clients at most (60)")
    parser.add_argument("--clients", type=int, default=48, help="clients at once (48)")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31), help="of clients and faults")
    parser.add_argument("--proxy", default="proxy/arbstr", help="another arbstr, such as one with a sanitizer")
    parser.add_argument("--mock", default="mock_provider/mock_provider", help="another mock_provider")
    options = parser.parse_args()
    if options.minutes <= 0 or options.rps <= 0 or options.clients <= 0:
        parser.error("--minutes, --rps and --clients are above 0")
    options.proxy, options.mock = find(options.proxy, "--proxy"), find(options.mock, "--mock")

    print(f"soak: {options.minutes:g} minutes, {options.rps:g} requests/s, {options.clients} clients, "
          f"--seed {options.seed}", flush=True)
    directory = tempfile.mkdtemp(prefix="soak-")
    soak = Soak(options, directory)
    try:
        soak.run()
    finally:
        soak.close()
    if soak.wrong:
        print(f"\nFAILED: {len(soak.wrong)} wrong, --seed {options.seed}; rows and configuration: {directory}")
        return 1
    shutil.rmtree(directory)
    print("PASSED")
    return 0


if __name__ == "__main__":
    sys.exit(main())
