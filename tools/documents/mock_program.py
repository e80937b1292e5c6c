"""The mock provider as a process, on free ports."""

import json
import os
import re
import subprocess
import tempfile
import urllib.request

PROGRAM = os.path.abspath("mock_provider/mock_provider")
PATIENCE_S = 20


class Mock:
    def __init__(self, scenario=None, arguments=(), directory=None):
        command = [PROGRAM, "--quiet", *arguments]
        self._file = None
        if scenario is not None:
            self._file = tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8")
            self._file.write(scenario)
            self._file.flush()
            command += ["--scenario", self._file.name]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=directory)
        self.lines, self.ports = [], {}
        for line in self.process.stdout:
            self.lines.append(line)
            if match := re.match(r"mock (?:provider )?(\S+) listening on https?://127\.0\.0\.1:(\d+)$", line):
                self.ports[match[1]] = int(match[2])
            if line.startswith("mock admin"):
                break

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(PATIENCE_S)
        self.process.stdout.close()
        if self._file:
            self._file.close()

    def first(self):
        return next(iter(self.ports.values()))

    def admin(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports['admin']}{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.load(answer)

    def clock(self, **command):
        return self.admin("PUT", "/__admin/clock", command)["now_ms"]

    def journal(self):
        return self.admin("GET", "/__admin/requests")["requests"]

    def wait_for(self, entries):
        """Waits until that many requests have arrived; the process ends the test where they never do."""
        for _ in range(2000):
            if len(found := self.journal()) >= entries:
                return found
        raise AssertionError(f"{entries} requests never arrived")
