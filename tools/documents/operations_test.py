#!/usr/bin/env python3
"""docs/operations.md, the alerts and the dashboard are about the metrics that there are, and a backup is one."""

import json
import os
import re
import sqlite3
import sys
import tempfile
import time
import unittest
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "programs"))

# pylint: disable=wrong-import-position
import prometheus
from program import Program

PROGRAM = os.path.abspath("proxy/arbstr")
OPERATIONS = "docs/operations.md"
RULES = "packaging/prometheus/rules.yml"
DASHBOARD = "packaging/grafana/arbstr.json"
METRIC = re.compile(r"\b(?:arbstr|process)_[a-z0-9_]+")
PATIENCE_S = 30
CHAT = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]}).encode()


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class Gateway:
    """`arbstr serve --mock` in a folder of its own."""

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory()
        self.database = os.path.join(self.directory.name, "arbstr.db")
        self.program = Program([PROGRAM, "serve", "--mock", "--listen", "127.0.0.1:0"], "arbstr", self.directory.name,
                               env={})
        self.url = f"http://127.0.0.1:{self.program.ports['arbstr']}"
        return self

    def __exit__(self, *_):
        self.status = self.program.end()
        self.directory.cleanup()

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return answer.read().decode()

    def chat(self):
        request = urllib.request.Request(self.url + "/v1/chat/completions", CHAT, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()


def scraped():
    """{name: (type, labels)} of a gateway that has answered a request."""
    with Gateway() as gateway:
        gateway.chat()
        page = gateway.get("/metrics")
    found = {name: (kind, set()) for name, kind in prometheus.types(page).items()}
    for name, series in prometheus.parse(page).items():
        found[family(name, found)][1].update({label for labels, _ in series for label in labels} - {"le"})
    return found


def family(name, families):
    """The family that a series is of: a histogram's have a suffix."""
    base = re.sub(r"_(bucket|sum|count)$", "", name)
    return base if families.get(base, ("",))[0] == "histogram" else name


def documented():
    found = {}
    for name, kind, labels in re.findall(r"^\| `([a-z0-9_]+)` \| (counter|gauge|histogram) \|(.*?)\| \S", read(OPERATIONS),
                                         re.MULTILINE):
        found[name] = (kind, set(re.findall(r"`([a-z]+)`", labels)))
    return found


class Operations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scraped = scraped()

    def families(self, text):
        return {family(name, self.scraped) for name in METRIC.findall(text)}

    def test_every_metric_is_documented_with_its_type_and_labels_and_no_other(self):
        self.assertGreater(len(self.scraped), 20)
        self.assertEqual(documented(), self.scraped)

    def test_the_text_speaks_of_no_other_metric(self):
        self.assertEqual(self.families(read(OPERATIONS)) - set(self.scraped), set())

    def test_alerts_are_about_metrics_that_there_are(self):
        used = self.families(re.sub(r"^ *(#|summary|description).*$", "", read(RULES), flags=re.MULTILINE))
        self.assertGreater(len(used), 8)
        self.assertEqual(used - set(self.scraped), set())

    def test_alerts_are_those_of_the_text(self):
        alerts = re.findall(r"^ *- alert: (\w+)$", read(RULES), re.MULTILINE)
        self.assertEqual(alerts, re.findall(r"^\| `(Arbstr\w+)` \|", read(OPERATIONS), re.MULTILINE))

    def test_recorded_rules_that_alerts_use_are_recorded(self):
        text = read(RULES)
        used = set(re.findall(r"\barbstr:[\w:]+", text))
        self.assertEqual(used, set(re.findall(r"^ *- record: (\S+)$", text, re.MULTILINE)))

    def test_the_dashboard_is_one_and_shows_metrics_that_there_are(self):
        dashboard = json.loads(read(DASHBOARD))
        self.assertTrue(dashboard["title"] and dashboard["uid"] and dashboard["schemaVersion"])
        panels = dashboard["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        places = {(x, y) for panel in panels for p in [panel["gridPos"]]
                  for x in range(p["x"], p["x"] + p["w"]) for y in range(p["y"], p["y"] + p["h"])}
        self.assertEqual(len(places), sum(p["gridPos"]["w"] * p["gridPos"]["h"] for p in panels), "panels overlap")
        self.assertLess(max(x for x, _ in places), 24)
        used = set()
        for panel in panels:
            self.assertTrue(panel["title"])
            self.assertTrue(panel["targets"], panel["title"])
            for target in panel["targets"]:
                names = self.families(target["expr"])
                self.assertTrue(names, target["expr"])
                used |= names
        self.assertEqual(used - set(self.scraped), set())
        own = {name for name in self.scraped if name.startswith("arbstr_")}
        shown = used | self.families(json.dumps(dashboard["templating"]))
        # A limit and a reload are for alerts, and a share of an attempt's time is shown by its first byte.
        self.assertEqual(own - shown, {"arbstr_config_reload_success", "arbstr_connections_max",
                                       "arbstr_log_queue_capacity", "arbstr_log_write_failures_total",
                                       "arbstr_upstream_total_seconds"})


class Backup(unittest.TestCase):
    def test_both_ways_of_the_text_copy_every_committed_row_while_the_gateway_runs(self):
        self.assertIn(".backup", read(OPERATIONS))
        self.assertIn("VACUUM INTO", read(OPERATIONS))
        with Gateway() as gateway:
            for _ in range(20):
                gateway.chat()
            source = sqlite3.connect(gateway.database, timeout=30)
            source.isolation_level = None
            until = time.monotonic() + PATIENCE_S  # committed within milliseconds
            while source.execute("SELECT count(*) FROM requests").fetchone()[0] < 20:
                self.assertLess(time.monotonic(), until, "rows are missing")
            copies = [gateway.database + ".backup", gateway.database + ".vacuum"]
            copy = sqlite3.connect(copies[0])
            source.backup(copy)  # what the shell's .backup calls
            copy.close()
            source.execute(f"VACUUM INTO '{copies[1]}'")
            gateway.chat()
            source.close()
            for path in copies:
                database = sqlite3.connect(path)
                self.assertEqual(database.execute("SELECT count(*) FROM requests").fetchone(), (20,), path)
                self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",), path)
                database.close()
        self.assertEqual(gateway.status, 0)


if __name__ == "__main__":
    unittest.main()
