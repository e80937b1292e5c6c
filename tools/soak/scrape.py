"""Prometheus' text format, as much of it as /metrics uses."""

import collections
import re
import urllib.request

LINE = re.compile(r"([a-z_]+)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def parse(text):
    """{name: [({label: value}, number), ...]}."""
    found = collections.defaultdict(list)
    for line in text.splitlines():
        if match := LINE.match(line):
            found[match[1]].append((dict(LABEL.findall(match[2] or "")), float(match[3])))
    return found


def total(metrics, name, **labels):
    return sum(number for has, number in metrics.get(name, ()) if labels.items() <= has.items())


def fetch(port, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return parse(answer.read().decode())


def differences(metrics, ledger):
    """Where the gateway's metrics and the rows differ, in words."""
    counted = {(has["provider"], has["model"], has["status"], has["streaming"]): number
               for has, number in metrics["arbstr_requests_total"] if number}
    wrong = [f"arbstr_requests_total{key}: {counted.get(key, 0):.0f}, rows {ledger.labels.get(key, 0)}"
             for key in sorted(counted.keys() | ledger.labels.keys())
             if counted.get(key, 0) != ledger.labels.get(key, 0)]
    for name, labels, rows in (("arbstr_upstream_attempts_total", {}, ledger.attempts),
                               ("arbstr_log_rows_committed_total", {}, ledger.rows),
                               ("arbstr_tokens_total", {"direction": "input"}, ledger.tokens["input"]),
                               ("arbstr_tokens_total", {"direction": "output"}, ledger.tokens["output"]),
                               ("arbstr_requests_in_flight", {}, 0), ("arbstr_log_queue_depth", {}, 0)):
        if (metric := total(metrics, name, **labels)) != rows:
            wrong.append(f"{name}{labels or ''}: {metric:.0f}, rows {rows}")
    # The same numbers added up in another order.
    if abs((sats := total(metrics, "arbstr_cost_sats_total")) - ledger.sats) > 1e-3:
        wrong.append(f"arbstr_cost_sats_total: {sats}, rows {ledger.sats}")
    return wrong
