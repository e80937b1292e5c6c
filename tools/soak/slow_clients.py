"""Thousands of connections that do next to nothing, held by one thread of one epoll."""

import collections
import errno
import itertools
import os
import select
import socket
import threading
import time

IDLE = ("idle", "answered")
SENDERS = ("head", "body")
READERS = ("stream slow", "stream never", "plain slow", "plain never")

SLOTS = 20             # of a drip's period: each has its own share of the connections
OPENING = 200          # at once, below a listener's backlog
READ_BYTES = 1024      # of a slow reader, each time
RECEIVE_BUFFER = 32768  # of a reader: small, so that what it does not read stays with the gateway
NICER = 10             # than the gateway, so that the crowd's own work takes no CPU from it
BIND_ADDRESS_NO_PORT = 24  # IP_BIND_ADDRESS_NO_PORT
HEAD = b"POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"


def chat(model, more=""):
    body = f'{{"model":"{model}","messages":[{{"role":"user","content":"hi"}}]{more}}}'.encode()
    return HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body


# What is sent at once; the rest of a head or a body comes a byte at a time.
FIRST = {"idle": b"", "answered": chat("gpt-4o"), "head": b"", "body": HEAD + b"Content-Length: 1000000\r\n\r\n{",
         "plain slow": chat("plain"), "plain never": chat("plain"),
         "stream slow": chat("stream", ',"stream":true'), "stream never": chat("stream", ',"stream":true')}
DRIP = {"head": HEAD + b"X-Slow: " + b"x" * 60000, "body": b" "}


class Held:
    """One connection. It has begun once all that its kind sends at once is sent, and an answer has come where it
    waits for one."""

    def __init__(self, kind, slot, source):
        self.kind, self.slot, self.sent, self.begun, self.status, self.got = kind, slot, 0, False, "", 0
        self.until = 0
        self.socket = socket.socket()
        self.socket.setblocking(False)
        if kind in READERS:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self.socket.setsockopt(socket.IPPROTO_IP, BIND_ADDRESS_NO_PORT, 1)
        self.socket.bind((source, 0))


class Crowd:
    """`open` and `ended_as` count by kind; a `drip_s` passes between two bytes of a connection. A reader leaves
    after `reader_s` and is replaced: it could not see that it was given up, behind an answer that it does not read."""

    def __init__(self, port, drip_s, reader_s):
        self._port, self._slot_s, self._reader_s = port, drip_s / SLOTS, reader_s
        self._sources = itertools.cycle(f"127.0.0.{number}" for number in range(2, 10))
        self._epoll, self._held = select.epoll(), {}
        self._wanted, self._opening, self._begins = collections.deque(), 0, 0
        self._slots, self._next_slot = [set() for _ in range(SLOTS)], itertools.cycle(range(SLOTS))
        self.open, self._ended, self.dripped = collections.Counter(), collections.Counter(), 0
        self._replacing, self._draining, self._stopping = True, False, False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def add(self, kind, count):
        with self._lock:
            self._wanted.extend((kind, next(self._next_slot)) for _ in range(count))

    def begun(self):
        """How many are: connected, answered where they wait for it, and not given up yet."""
        return self._begins

    def ended_as(self):
        with self._lock:
            return dict(sorted(self._ended.items()))

    def stop_replacing(self):
        self._replacing = False

    def drain(self):
        """Readers read all that is left, and so meet their end."""
        self._draining = True

    def close(self):
        self._stopping = True
        self._thread.join()
        for held in self._held.values():
            held.socket.close()

    def _run(self):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(),
                       os.getpriority(os.PRIO_PROCESS, 0) + NICER)
        slot, due = 0, time.monotonic()
        while not self._stopping:
            with self._lock:
                while self._wanted and self._opening < OPENING:
                    self._begin(*self._wanted.popleft())
            for number, events in self._epoll.poll(max(0.0, min(due - time.monotonic(), 0.02)), 1024):
                if held := self._held.get(number):
                    self._on_event(held, events)
            if time.monotonic() >= due:
                for held in list(self._slots[slot]):
                    self._drip(held)
                # A slot that came late makes the drips rarer, rather than many at once.
                slot, due = (slot + 1) % SLOTS, max(due + self._slot_s, time.monotonic())

    def _begin(self, kind, slot):
        held = Held(kind, slot, next(self._sources))
        self._opening += 1
        self.open[kind] += 1
        error = held.socket.connect_ex(("127.0.0.1", self._port))
        if error not in (0, errno.EINPROGRESS):
            raise OSError(error, os.strerror(error))
        self._held[held.socket.fileno()] = held
        self._epoll.register(held.socket.fileno(), select.EPOLLOUT)

    def _on_event(self, held, events):
        if events & select.EPOLLOUT:
            return self._on_connected(held)
        if held.kind not in READERS:
            return self._read(held, 4096)
        if not held.begun:  # its answer's first bytes are there
            self._begun(held)
            self._epoll.modify(held.socket.fileno(), 0)
            held.until = time.monotonic() + self._reader_s
            self._slots[held.slot].add(held)
            return None
        # Broken; what was not read of its answer is gone.
        return self._end(held, "cut")

    def _on_connected(self, held):
        self._opening -= 1
        try:
            held.socket.send(FIRST[held.kind])
        except OSError as error:
            return self._end(held, error.strerror)
        self._epoll.modify(held.socket.fileno(), select.EPOLLIN)
        if held.kind in DRIP:
            self._slots[held.slot].add(held)
        if held.kind in DRIP or held.kind == "idle":
            self._begun(held)
        return None

    def _begun(self, held):
        held.begun = True
        self._begins += 1

    def _drip(self, held):
        if held.kind in READERS:
            if self._replacing and time.monotonic() > held.until:
                self._end(held, "left")
            elif self._draining:
                while held in self._slots[held.slot] and self._read(held, 65536):
                    pass
            elif held.kind.endswith("slow"):
                self._read(held, READ_BYTES)
            return
        # First what has come: to send behind the gateway's close would reset its 408 away.
        if self._read(held, 4096) or held not in self._slots[held.slot]:
            return
        text = DRIP[held.kind]
        at = held.sent % len(text)
        try:
            self.dripped += held.socket.send(text[at:at + 1])
            held.sent += 1
        except BlockingIOError:
            pass
        except OSError:  # given up; why is there to be read
            self._slots[held.slot].discard(held)

    def _read(self, held, size):
        """Whether there was anything."""
        try:
            data = held.socket.recv(size)
        except BlockingIOError:
            return False
        except OSError:
            self._end(held, "cut")
            return False
        if not data:
            self._end(held, held.status if held.kind in DRIP and held.status else "closed")
            return False
        if not held.got:
            held.status = data[9:12].decode("latin-1")
        held.got += len(data)
        if held.kind in DRIP:
            self._slots[held.slot].discard(held)  # it was answered: sending on would be another story
        if held.kind == "answered" and not held.begun:
            if held.status == "200":
                self._begun(held)
            else:
                self._end(held, held.status)
        return True

    def _end(self, held, how):
        with self._lock:
            self._ended[f"{held.kind}: {how}"] += 1
        self._begins -= held.begun
        self.open[held.kind] -= 1
        if not self.open[held.kind]:
            del self.open[held.kind]
        self._slots[held.slot].discard(held)
        del self._held[held.socket.fileno()]
        held.socket.close()
        if self._replacing:
            with self._lock:
                self._wanted.append((held.kind, held.slot))
