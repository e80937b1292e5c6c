"""Figures of runs as medians with their range, as tables, and the targets held against them."""

import statistics


class Figures:
    """Of one contender in one case: a list a measure, one value a run."""

    def __init__(self):
        self.values = {}

    def add(self, measures):
        for name, value in measures.items():
            self.values.setdefault(name, []).append(value)

    def median(self, name):
        return statistics.median(self.values[name])

    def shown(self, name, digits):
        values = self.values.get(name)
        if not values:
            return ""
        low, high = (f"{edge:,.{digits}f}" for edge in (min(values), max(values)))
        return f"{statistics.median(values):,.{digits}f} [{low}..{high}]"


def measures(result, count, direct_p50_us=None):
    """`result`: of Load.measure; `count`: how many requests, chunks or attempts it was."""
    found = {"cpu_us": result["cpu_us"] / count, "rate": count * 1e6 / result["duration_us"], "p50_us": result["p50_us"],
             "p99_us": result["p99_us"], "p999_us": result["p999_us"], "rss_mib": result["rss_bytes"] / 2**20}
    if direct_p50_us is not None:
        found["added_us"] = result["p50_us"] - direct_p50_us
    return found


COLUMNS = (("CPU-µs", "cpu_us", 1), ("a second", "rate", 0), ("p50 µs", "p50_us", 0), ("p99 µs", "p99_us", 0),
           ("p99.9 µs", "p999_us", 0), ("added p50 µs", "added_us", 0), ("RSS MiB", "rss_mib", 0))


def table(what, figures, baseline):
    """`figures`: {contender: Figures}; ratios are against `baseline` in the same run."""
    columns = [column for column in COLUMNS if any(column[1] in of.values for of in figures.values())]
    lines = [f"**{what[0].upper()}{what[1:]}**", "",
             f"| | {' | '.join(title for title, _, _ in columns)} | CPU / {baseline} |",
             "|---" * (len(columns) + 2) + "|"]
    for name, of in figures.items():
        ratio = of.median("cpu_us") / figures[baseline].median("cpu_us")
        lines.append(f"| {name} | {' | '.join(of.shown(key, digits) for _, key, digits in columns)} | {ratio:.2f} |")
    return "\n".join(lines)


def hung_table(requests, each):
    lines = [f"**A hung request, {requests:,} of them**", "", "| | bytes each |", "|---|---|"]
    return "\n".join(lines + [f"| {name} | {value:,.0f} |" for name, value in each.items()])


class Targets:
    """`found`: {case: {contender: Figures}}."""

    def __init__(self, found, hung):
        self._found, self._hung = found, hung
        self.rows = []

    def _cpu(self, case, one, other, most, what):
        figures = self._found.get(case, {})
        if one in figures and other in figures:
            self._row(what, figures[one].median("cpu_us") / figures[other].median("cpu_us"), most)

    def _row(self, what, value, most, digits=2, unit=""):
        verdict = "met" if value <= most else "MISSED"
        self.rows.append(f"| {what} | {most:,.{digits}f}{unit} | {value:,.{digits}f}{unit} | {verdict} |")

    def check(self):
        self._cpu("400 B to 1024 B", "arbstr", "nginx", 1.00, "400 B request, CPU / nginx")
        self._cpu("60000 B to 1024 B", "arbstr", "nginx", 0.80, "60 KB request, CPU / nginx")
        for case, size in (("400 B to 1024 B", "400 B"), ("60000 B to 1024 B", "60 KB")):
            self._cpu(case, "arbstr", "portkey", 1 / 40, f"{size} request, CPU / Portkey")
        self._cpu("stream", "arbstr", "nginx", 0.85, "stream's chunk, CPU / nginx")
        self._cpu("503s", "arbstr with 503s", "arbstr", 1.15, "one 503 in ten, CPU an attempt / healthy")
        if "arbstr" in self._hung:
            self._row("hung request, bytes", self._hung["arbstr"], 8192, 0)
        alone = self._found.get("one connection", {})
        if "arbstr" in alone and "nginx" in alone:
            self._row("added p50 at one connection / nginx",
                      alone["arbstr"].median("added_us") / alone["nginx"].median("added_us"), 1.0)
        self._cpu("threads", "arbstr, 2 loops", "arbstr", 1.15, "two event loops, CPU / one")
        self._cpu("durability", "arbstr, before_response", "arbstr", 1.25, "before_response, CPU / group")
        durable = self._found.get("durability", {})
        if len(durable) == 2:
            added = durable["arbstr, before_response"].median("p50_us") - durable["arbstr"].median("p50_us")
            self._row("before_response, p50 added, ms", added / 1000, 2.0)
        self._cpu("providers", "arbstr, 1,000 providers", "arbstr, 10 providers", 1.3, "1,000 providers, CPU / ten")
        self._cpu("log", "arbstr, 5,000,000 rows", "arbstr, no rows", 1.3, "a log of 5,000,000 rows, CPU / an empty one")
        self._flat()
        return "\n".join(["| target | at most | measured | |", "|---|---|---|---|"] + self.rows)

    def _flat(self):
        at = [self._found[case]["arbstr"].median("cpu_us") for case in
              ("400 B to 1024 B", "128 connections", "1000 connections") if "arbstr" in self._found.get(case, {})]
        if len(at) == 3:
            self._row("16, 128 and 1,000 connections, dearest / cheapest", max(at) / min(at), 1.3)
