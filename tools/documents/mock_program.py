"""The mock provider as a process, on free ports."""

import json
import os
import tempfile
import time
import urllib.request

from program import Program

PROGRAM = os.path.abspath("mock_provider/mock_provider")
PATIENCE_S = 20


class Mock(Program):
    def __init__(self, scenario=None, arguments=(), directory=None):
        command = [PROGRAM, "--quiet", *arguments]
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            if scenario is not None:
                file.write(scenario)
                file.flush()
                command += ["--scenario", file.name]
            super().__init__(command, "admin", directory)

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
        """The journal, once that many requests have arrived; fails the test when they do not in time."""
        until = time.monotonic() + PATIENCE_S
        while len(found := self.journal()) < entries:
            if time.monotonic() > until:
                raise AssertionError(f"{len(found)} requests arrived, not {entries}")
            time.sleep(0.01)
        return found
