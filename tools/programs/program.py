"""One of this workspace's programs as a process."""

import collections
import queue
import re
import signal
import subprocess
import threading
import time

PATIENCE_S = 60
LISTENING = re.compile(r"(?:mock provider |mock )?(\S+) listening on https?://127\.0\.0\.1:(\d+)$")


class Program:
    """Listens once it is made: `ports` has the port of each name that it said on stdout, in the `lines` up to `last`,
    the name that it says last: "arbstr", "admin" of a mock provider, or its only provider. Of its lines on stderr the
    last few are in `tail`. At the end of a `with` it must end well."""

    def __init__(self, command, last, directory=None, env=None):
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                         errors="replace", cwd=directory, env=env)
        self.name, self.pid = command[0], self._process.pid
        self.lines, self.ports, self.tail = [], {}, collections.deque(maxlen=50)
        self._said = queue.SimpleQueue()
        self._readers = [threading.Thread(target=read, daemon=True) for read in (self._read_said, self._read_errors)]
        for reader in self._readers:
            reader.start()
        until = time.monotonic() + PATIENCE_S
        while last not in self.ports:
            line = self._next_said(until)
            if line is None:
                self.end()
                raise RuntimeError(f"{self.name} does not listen:\n" + "".join(self.tail))
            self.lines.append(line)
            if match := LISTENING.match(line.strip()):
                self.ports[match[1]] = int(match[2])

    def _read_said(self):
        with self._process.stdout as lines:
            for line in lines:
                self._said.put(line)
        self._said.put(None)

    def _next_said(self, until):
        """None: it ended before, or says nothing."""
        try:
            return self._said.get(timeout=max(0, until - time.monotonic()))
        except queue.Empty:
            return None

    def _read_errors(self):
        with self._process.stderr as lines:
            for line in lines:
                self.tail.append(line)
                self.heard(line)

    def heard(self, line):
        """Called with each line on stderr, by a thread of its own."""

    def signal(self, number):
        self._process.send_signal(number)

    def running(self):
        return self._process.poll() is None

    def wait(self):
        """Its exit status; negative: the signal that ended it; None: it did not end."""
        try:
            status = self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            status = None
        for reader in self._readers:
            reader.join(PATIENCE_S)
        return status

    def end(self):
        """SIGTERM where it still runs, and what wait() returns."""
        if self.running():
            self.signal(signal.SIGTERM)
        return self.wait()

    def __enter__(self):
        return self

    def __exit__(self, _, error, __):
        status = self.end()
        if status != 0:
            raise RuntimeError(f"{self.name} ended with {status}:\n" + "".join(self.tail)) from error
