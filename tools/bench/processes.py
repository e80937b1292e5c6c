"""Programs that are measured or measured with: started on free ports, watched from /proc, ended."""

import contextlib
import os
import signal
import socket
import subprocess
import time

TO_START_S, TO_END_S = 30, 20


def free_ports(count):
    """Ports that nobody listens on, no two alike: each is held until all are chosen. Another program may take one before
    whoever it is for does, which then does not start."""
    with contextlib.ExitStack() as held:
        listeners = [held.enter_context(socket.socket()) for _ in range(count)]
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in listeners]


def free_port():
    return free_ports(1)[0]


def children(pid):
    """A process and all below it."""
    found, wanted = [], [pid]
    while wanted:
        parent = wanted.pop()
        found.append(parent)
        try:
            with open(f"/proc/{parent}/task/{parent}/children", encoding="ascii") as listed:
                wanted += map(int, listed.read().split())
        except OSError:
            pass
    return found


class Process:
    """`port` answers once it is made."""

    def __init__(self, command, port, directory, **options):
        self.port = port
        self._log = os.path.join(directory, f"{os.path.basename(command[0])}-{port}.log")
        with open(self._log, "w", encoding="utf-8") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=directory,
                                             **options)
        self.pid = self._process.pid
        self._wait_for_port(command)

    def _wait_for_port(self, command):
        until = time.monotonic() + TO_START_S
        while time.monotonic() < until and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        self.end()
        with open(self._log, encoding="utf-8", errors="replace") as log:
            raise RuntimeError(f"{' '.join(command)} did not start:\n{log.read()[-2000:]}")

    def cpu_us(self):
        """Microseconds of CPU that all its threads have had, from the scheduler."""
        total = 0
        for pid in children(self.pid):
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as stat:
                    total += int(stat.read().split()[0])
        return total / 1000

    def rss_bytes(self):
        total = 0
        for pid in children(self.pid):
            with open(f"/proc/{pid}/status", encoding="ascii") as status:
                total += next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
        return total * 1024

    def end(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(TO_END_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
