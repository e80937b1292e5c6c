"""Compares what clients saw with the rows of the request log, as both come in. Knows no socket and no database."""

import collections
import dataclasses
import re
from typing import Optional

from prometheus import total

UUID_7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
COLUMNS = ("correlation_id", "model", "provider", "streaming", "cost_sats", "success", "error_status", "attempts",
           "retries", "input_tokens", "output_tokens")
SATS = 1e-6  # costs are shown with six decimals
ROW_AFTER_S = 10  # a row is committed within 50 ms of its request's end; a machine without time for it takes longer


@dataclasses.dataclass
class Answer:
    id: str
    model: str
    streaming: bool
    status: int
    whole: bool                    # it ended as its framing says
    provider: Optional[str] = None
    retries: Optional[str] = None
    cost_sats: Optional[float] = None
    left: bool = False             # the client went away after the head: how it ended only the row knows
    at_s: float = 0                # when it had been read


Row = collections.namedtuple("Row", COLUMNS)


def differences(answer, row):
    """What is not the same, in words."""
    wrong = []

    def same(what, seen, logged):
        if seen != logged:
            wrong.append(f"{what}: the client saw {seen!r}, the row has {logged!r}")

    same("model", answer.model, row.model)
    same("streaming", answer.streaming, bool(row.streaming))
    same("provider", answer.provider, row.provider)
    if answer.left:
        return wrong
    same("success", answer.status == 200 and answer.whole, bool(row.success))
    if answer.status != 200:
        same("status", answer.status, row.error_status)
    elif not answer.whole and row.error_status not in (502, 504):
        wrong.append(f"status: the client saw a broken answer, the row has {row.error_status!r}")
    # A stream's head was sent before it broke; its row counts that too.
    if answer.whole:
        same("retries", answer.retries, row.retries)
        if (answer.cost_sats is None) != (row.cost_sats is None) or (
                row.cost_sats is not None and abs(answer.cost_sats - row.cost_sats) > SATS):
            same("cost_sats", answer.cost_sats, row.cost_sats)
    return wrong


class Ledger:
    """Not for several threads at once."""

    def __init__(self):
        self.rows = self.compared = self.attempts = self.lost = 0
        self.sats = 0.0
        self.tokens = collections.Counter()
        self.labels = collections.Counter()  # (provider, model, status, streaming) as /metrics counts
        self._answers, self._rows = {}, {}

    def answers(self, answers):
        """What is wrong with these, and with those and their rows where these have come."""
        wrong = []
        for answer in answers:
            if not UUID_7.match(answer.id):
                wrong.append(f"an answer {answer.status} has the id {answer.id!r}")
            elif answer.id in self._answers:
                wrong.append(f"two answers have the id {answer.id}")
            self._answers[answer.id] = answer
        return wrong + self._compare(answer.id for answer in answers)

    def take_rows(self, rows, listed_models):
        for row in rows:
            self.rows += 1
            self.attempts += row.attempts
            self.sats += row.cost_sats or 0
            self.tokens["input"] += row.input_tokens or 0
            self.tokens["output"] += row.output_tokens or 0
            self.labels[row.provider or "none", row.model if row.model in listed_models else "other",
                        "200" if row.success else str(row.error_status),
                        "true" if row.streaming else "false"] += 1
            self._rows[row.correlation_id] = row
        return self._compare([row.correlation_id for row in rows])

    def _compare(self, ids):
        wrong = []
        for key in ids:
            if key in self._answers and key in self._rows:
                self.compared += 1
                answer, row = self._answers.pop(key), self._rows.pop(key)
                wrong += [f"request {key}: {text}" for text in differences(answer, row)]
        return wrong

    def overdue(self, now_s):
        """Answers that should have a row by now."""
        late = [key for key, answer in self._answers.items() if answer.at_s < now_s - ROW_AFTER_S]
        self.lost += len(late)
        return [f"request {key}: an answer {self._answers.pop(key).status} without a row" for key in late]

    def metric_differences(self, metrics):
        """Where the gateway's metrics and the rows differ, in words."""
        counted = {(has["provider"], has["model"], has["status"], has["streaming"]): number
                   for has, number in metrics["arbstr_requests_total"] if number}
        wrong = [f"arbstr_requests_total{key}: {counted.get(key, 0):.0f}, rows {self.labels.get(key, 0)}"
                 for key in sorted(counted.keys() | self.labels.keys())
                 if counted.get(key, 0) != self.labels.get(key, 0)]
        for name, labels, rows in (("arbstr_upstream_attempts_total", {}, self.attempts),
                                   ("arbstr_log_rows_committed_total", {}, self.rows),
                                   ("arbstr_tokens_total", {"direction": "input"}, self.tokens["input"]),
                                   ("arbstr_tokens_total", {"direction": "output"}, self.tokens["output"]),
                                   ("arbstr_requests_in_flight", {}, 0), ("arbstr_log_queue_depth", {}, 0)):
            if (metric := total(metrics, name, **labels)) != rows:
                wrong.append(f"{name}{labels or ''}: {metric:.0f}, rows {rows}")
        # The same numbers added up in another order.
        if abs((sats := total(metrics, "arbstr_cost_sats_total")) - self.sats) > 1e-3:
            wrong.append(f"arbstr_cost_sats_total: {sats}, rows {self.sats}")
        return wrong

    def unclaimed(self):
        """Rows whose clients saw no answer."""
        return len(self._rows)
