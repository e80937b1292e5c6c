"""Prometheus' text format, as much of it as /metrics uses."""

import collections
import re
import urllib.request

TYPE = re.compile(r"^# TYPE (\S+) (\S+)$", re.M)
LINE = re.compile(r"([a-z0-9_]+)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def types(text):
    """{family: counter, gauge or histogram}."""
    return dict(TYPE.findall(text))


def parse(text):
    """{name: [({label: value}, number), ...]}."""
    found = collections.defaultdict(list)
    for line in text.splitlines():
        if match := LINE.match(line):
            found[match[1]].append((dict(LABEL.findall(match[2] or "")), float(match[3])))
    return found


def total(metrics, name, **labels):
    """The sum of all series of that name that have these labels."""
    return sum(number for has, number in metrics.get(name, ()) if labels.items() <= has.items())


def fetch(port, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return parse(answer.read().decode())
