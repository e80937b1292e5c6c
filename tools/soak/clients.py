"""Clients of every kind, each a thread with its own draws, at a rate that is bounded together."""

import collections
import json
import random
import re
import threading
import time

import mix
from faults import LAST_WORD
from gateway_config import DEADLINE_MS
from ledger import Answer
from wire import Connection, Cut

SLOW = {"receive_buffer": 4096, "pause_s": 0.02}
DEADLINE_MARGIN_MS = 5000  # beyond it, it is no longer the machine that was busy
COMMENT = re.compile(rb"^: arbstr (\{.*\})$", re.M)


def stream_mistakes(body, whole):
    """What a stream must not do: end cleanly in the middle, or break without saying so."""
    done = body.endswith(b"data: [DONE]\n\n")
    if whole and not done:
        return ["a stream ended cleanly without [DONE]"]
    if whole and LAST_WORD.encode() not in body:
        return ["a stream ended cleanly without its last word"]
    if whole and len(COMMENT.findall(body)) != 1:
        return ["a stream ended without its comment of the cost"]
    if not whole and (b"data: [DONE]" in body or b'"error"' not in body):
        return [f"a stream broke without an error event, or after [DONE]: …{body[-400:]!r}"]
    return []


def cost_of(fields, body, is_stream):
    if not is_stream:
        return float(fields["x-arbstr-cost-sats"]) if "x-arbstr-cost-sats" in fields else None
    found = COMMENT.search(body)
    return json.loads(found[1])["cost_sats"] if found else None


class Seen:
    """What all clients saw; `take` empties the answers, the rest adds up."""

    def __init__(self):
        self._lock = threading.Lock()
        self._answers, self._mistakes = [], []
        self.kinds, self.statuses = collections.Counter(), collections.Counter()
        self.readable = self.left_unseen = self.broken_streams = 0
        self.late_ms = []  # of answers that came after their deadline, by how much

    def add(self, kind, status=None, answer=None, mistakes=(), late_ms=0):
        with self._lock:
            self.kinds[kind] += 1
            if kind != "unreadable":
                self.readable += 1
                self.left_unseen += answer is None
            if status is not None:
                self.statuses[status] += 1
            if answer is not None:
                self._answers.append(answer)
                self.broken_streams += answer.status == 200 and not answer.whole and not answer.left
            if late_ms > 0:
                self.late_ms.append(late_ms)
            self._mistakes += [f"{kind}: {mistake}" for mistake in mistakes]

    def take(self):
        with self._lock:
            taken = self._answers, self._mistakes
            self._answers, self._mistakes = [], []
            return taken


class Client:
    def __init__(self, port, seed, seen, on_head=lambda: None):
        self._port, self._random, self._seen, self._on_head = port, random.Random(seed), seen, on_head
        self._connection = None

    def run(self, period_s, stop):
        due = time.monotonic() + self._random.random() * period_s
        while not stop.wait(max(0, due - time.monotonic())):
            self.one(mix.draw(self._random))
            due = max(due + period_s, time.monotonic())  # what could not be sent in time is not made up for
        self._close()

    def one(self, kind):
        if kind == "unreadable":
            self._unreadable()
            return
        try:
            if kind == "slow reader":
                self._close()
                self._connection = Connection(self._port, **SLOW)
            self._readable(kind)
        except (Cut, OSError, ValueError, LookupError) as error:  # of the last two: what no answer may look like
            self._close()
            self._seen.add(kind, mistakes=[f"no answer: {error!r}"])
        if kind == "slow reader":
            self._close()

    def _close(self):
        if self._connection:
            self._connection.close()
        self._connection = None

    def _unreadable(self):
        what = self._random.choice(list(mix.UNREADABLE))
        data, wanted = mix.UNREADABLE[what]
        status, mistakes, connection = None, [], None
        try:
            connection = Connection(self._port)
            connection.send(data)
            status, fields = connection.read_head()
            if status != wanted:
                mistakes.append(f"{what}: {status} in place of {wanted}")
            if not fields.get("x-arbstr-request-id"):
                mistakes.append(f"{what}: an answer without an id")
        except (Cut, OSError, ValueError, LookupError) as error:
            mistakes.append(f"{what}: no answer: {error!r}")
        if connection:
            connection.close()
        self._seen.add("unreadable", status, mistakes=mistakes)

    def _readable(self, kind):
        self._connection = self._connection or Connection(self._port)
        model, data = mix.chat(kind, self._random)
        began = time.monotonic()
        self._connection.send(data)
        if kind == "plain, leaves":
            self._close()  # nothing was read: no reset, so the request still arrives whole
            self._seen.add(kind)
            return
        status, fields = self._connection.read_head()
        self._on_head()
        streaming = kind in mix.STREAMS or kind == "linger"
        answer = Answer(fields.get("x-arbstr-request-id", ""), model, streaming, status, False,
                        fields.get("x-arbstr-provider"), fields.get("x-arbstr-retries"))
        is_stream = fields.get("content-type", "").startswith("text/event-stream")
        head_s, mistakes = time.monotonic() - began, []
        if kind == "stream, leaves":
            self._connection.reset()
            self._connection, answer.left = None, True
        else:
            body, answer.whole = self._connection.read_body(fields)
            answer.cost_sats = cost_of(fields, body, is_stream)
            mistakes += stream_mistakes(body, answer.whole) if status == 200 and is_stream else []
            if not answer.whole and not is_stream:
                mistakes.append(f"an answer {status} was cut")
            if not answer.whole or fields.get("connection") == "close":
                self._close()
        answer.at_s = time.monotonic()
        limit_ms = mix.OWN_DEADLINE_MS if kind == "own deadline" else DEADLINE_MS
        late_ms = (head_s if streaming else answer.at_s - began) * 1000 - limit_ms
        if late_ms > DEADLINE_MARGIN_MS:
            mistakes.append(f"answered {late_ms:.0f} ms after the deadline")
        self._seen.add(kind, status, answer, mistakes, late_ms)


class Clients:
    def __init__(self, port, count, rps, seed):
        self.seen = Seen()
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=Client(port, f"{seed}-{number}", self.seen).run, args=(count / rps, self._stop))
            for number in range(count)]
        for thread in self._threads:
            thread.start()

    def stop(self):
        """Waits for the answers that are on their way."""
        self._stop.set()
        for thread in self._threads:
            thread.join()


def wave(port, count, seen, seed):
    """Begins `count` streams of a few seconds; returns once each has its head, with what waits for their ends."""
    heads = threading.Semaphore(0)
    threads = [threading.Thread(target=Client(port, f"{seed}-wave-{number}", seen, heads.release).one, args=("linger",))
               for number in range(count)]
    for thread in threads:
        thread.start()
    arrived = sum(heads.acquire(timeout=20) for _ in threads)
    return arrived, lambda: [thread.join() for thread in threads]
