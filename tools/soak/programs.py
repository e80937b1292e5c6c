"""The mock provider and the gateway as processes of their own, on free ports."""

import collections
import os
import re
import signal
import subprocess
import threading

TO_END_S = 60
ALARMS = re.compile(r"Sanitizer|runtime error:|terminate called|Assertion|Segmentation|\bfatal\b|\bpanic\b", re.I)
LISTENING = re.compile(r"(?:mock provider |mock )?(\S+) listening on http://127\.0\.0\.1:(\d+)$")


class Program:
    """Its lines on stderr are read as they come: those that must not be are kept, of the others the last few."""

    def __init__(self, command, listeners, directory):
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                         errors="replace", cwd=directory)
        self.pid = self._process.pid
        self.alarms, self.tail, self.levels = [], collections.deque(maxlen=50), collections.Counter()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.ports = {}
        while len(self.ports) < listeners:
            line = self._process.stdout.readline()
            if not line:
                raise RuntimeError(f"{command[0]} did not start:\n" + "".join(self.tail))
            if match := LISTENING.match(line.strip()):
                self.ports[match[1]] = int(match[2])
        threading.Thread(target=self._process.stdout.read, daemon=True).start()

    def _read(self):
        for line in self._process.stderr:
            self.tail.append(line)
            words = line.split(" ", 2)
            level = words[1] if len(words) > 2 else ""
            self.levels[level] += 1
            if level != "info" and ALARMS.search(line):
                self.alarms.append(line.rstrip())

    def signal(self, number):
        self._process.send_signal(number)

    def running(self):
        return self._process.poll() is None

    def wait(self):
        """Its exit status; negative: the signal that ended it; None: it did not end."""
        try:
            status = self._process.wait(TO_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            status = None
        self._reader.join(TO_END_S)
        return status

    def end(self):
        if self.running():
            self.signal(signal.SIGTERM)
            self.wait()


def find(path, option):
    """A program below the runfiles, or where the caller says it is."""
    path = os.path.abspath(path)
    if not os.access(path, os.X_OK):
        raise SystemExit(f"{path} is not there; use `tools/bazel run //tools:soak`, or say where it is: {option}")
    return path
