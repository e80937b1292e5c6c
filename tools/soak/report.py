"""What a soak prints."""

import dataclasses
import sys

from faults import HEALTHY
from prometheus import total

CHECK_EVERY_S = 5  # between two comparisons of answers with rows


def line(elapsed_s, seen, ledger, samples, wrong):
    rss, descriptors = samples[-1]
    return (f"{elapsed_s // 60:3.0f}:{elapsed_s % 60:02.0f}  {sum(seen.kinds.values())} requests, "
            f"{sum(seen.statuses.values())} answers, {ledger.rows} rows, {ledger.compared} compared, "
            f"{rss} KiB, {descriptors} descriptors, {wrong} wrong")


class Progress:
    """A line a minute; on a terminal, one besides that changes each second."""

    def __init__(self):
        self._live, self._minute = sys.stdout.isatty(), 0

    def show(self, elapsed_s, text):
        is_due = int(elapsed_s // 60) > self._minute
        self._minute = int(elapsed_s // 60)
        if self._live:
            print("\r\033[K" + text, end="\n" if is_due else "", flush=True)
        elif is_due:
            print(text, flush=True)


def table(title, counts):
    counts = {key: count for key, count in counts if count}
    width = max([len(str(key)) for key in counts], default=0)
    return "\n".join([f"\n{title} ({sum(counts.values())})"] + [f"  {key!s:{width}}  {count:>9}"
                                                                for key, count in counts.items()])


def faults(mock_metrics):
    """{kind: how often}; what the pretended rate limit refused has no rule."""
    found = {}
    for labels, number in mock_metrics["mock_provider_requests_total"]:
        if labels["rule"] not in HEALTHY:
            kind = labels["rule"] or ("rate limit of a real bucket" if labels["status"] == "429" else "no rule")
            found[kind] = found.get(kind, 0) + int(number)
    return found


@dataclasses.dataclass
class Outcome:
    """Of a whole soak."""

    seen: object
    ledger: object
    metrics: dict
    mock_metrics: dict
    trends: list          # of memory and descriptors, in words
    reloads: int
    open_breakers: int    # how many looks found one


def summary(outcome):
    seen, ledger, metrics = outcome.seen, outcome.ledger, outcome.metrics
    late = sorted(seen.late_ms)
    lateness = (f"{len(late)} answers past their deadline, by {late[len(late) // 2]:.0f} ms in the median, "
                f"{late[-1]:.0f} ms at most" if late else "no answer past its deadline")
    injected = faults(outcome.mock_metrics)
    attempts = total(metrics, "arbstr_upstream_attempts_total")
    return "\n".join([
        table("requests by kind", seen.kinds.most_common()),
        table("answers by status", sorted(seen.statuses.items())),
        table("faults injected by kind", sorted(injected.items())),
        "",
        f"attempts at providers: {attempts:.0f}, retries {total(metrics, 'arbstr_retries_total'):.0f}, "
        f"fallbacks {total(metrics, 'arbstr_fallbacks_total'):.0f}",
        f"streams that broke after their head, and said so: {seen.broken_streams}",
        f"reloads: {outcome.reloads}, every second one of a wrong file; looks, every {CHECK_EVERY_S} s, that found a breaker "
        f"open: {outcome.open_breakers}",
        lateness,
        *outcome.trends,
        f"readable requests: {seen.readable}, rows: {ledger.rows}, "
        f"compared with their answers: {ledger.compared}, of clients that left before one: {ledger.unclaimed()}",
        f"lost: {ledger.lost}",
    ])
