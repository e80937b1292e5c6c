#!/usr/bin/env python3
"""How many instructions a request costs the gateway, counted by callgrind on fixed work, against what is recorded.

Seconds depend on the machine and on who else uses it; instructions of the same build hardly do. What the kernel does is
not counted. Exits with 1 where a case costs more than 10 % above what instructions.json has for it.
"""

import argparse
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, HERE)

# pylint: disable=wrong-import-position
import contenders
import load
from processes import Process, free_port

RECORDED = os.path.join(HERE, "instructions.json")
MOST = 1.10
WARM_UP = 50
# name: (bytes of the request, streamed, how many)
CASES = {"400 B request": (400, False, 1000), "60 KB request": (60000, False, 300),
         "stream of 200 tokens": (400, True, 30)}


# What is chosen by the processor's abilities is taken in the form that all have: the count is not the machine's.
SAME_EVERYWHERE = {"SIMDJSON_FORCE_IMPLEMENTATION": "westmere",
                   "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX_Fast_Unaligned_Load,-ERMS,-FSRM"}


class Counted(Process):
    """The program under callgrind, which counts from start() to stop()."""

    def __init__(self, command, port, directory):
        self._counts = os.path.join(directory, f"counts-{port}")
        super().__init__(["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={self._counts}",
                          *command], port, directory, env=dict(os.environ, **SAME_EVERYWHERE))

    def switch(self, state):
        done = subprocess.run(["callgrind_control", "-i", state, str(self.pid)], capture_output=True, text=True, check=False)
        if "OK" not in done.stdout:
            raise RuntimeError(f"callgrind_control: {done.stdout}{done.stderr}")

    def count(self):
        """Ends the program."""
        self.end()
        with open(self._counts, encoding="utf-8", errors="replace") as counts:
            return int(re.search(r"^totals: (\d+)", counts.read(), re.M)[1])


def ask(connection, body, streamed):
    connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200 or (streamed and b"[DONE]" not in text):
        raise RuntimeError(f"a request was answered {answer.status}: {text[:200]}")


def instructions_each(options, directory, upstream, case):
    size, streamed, requests = CASES[case]
    process = contenders.arbstr(options.arbstr, directory, contenders.Route(upstream), process=Counted)
    connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=60)
    body = load.chat_body(size, stream=streamed)
    for _ in range(WARM_UP if not streamed else 2):
        ask(connection, body, streamed)
    process.switch("on")
    for _ in range(requests):
        ask(connection, body, streamed)
    process.switch("off")
    connection.close()
    return process.count() / requests


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arbstr", required=True)
    parser.add_argument("--mock", required=True)
    options = parser.parse_args()
    with open(RECORDED, encoding="utf-8") as file:
        recorded = json.load(file)
    dearer = False
    with tempfile.TemporaryDirectory(prefix="arbstr-instructions-") as directory:
        port, scenario = free_port(), os.path.join(directory, "scenario.json")
        with open(scenario, "w", encoding="utf-8") as file:
            json.dump({"providers": [{"name": "fixed", "listen": f"127.0.0.1:{port}", "stream": {"tps": 1000}, "rules": [
                {"script": [{"reply": {"text": "word " * 200}}], "then": "repeat"}]}]}, file)
        mock = Process([options.mock, "--scenario", scenario, "--quiet"], port, directory)
        try:
            for case in CASES:
                found, known = instructions_each(options, directory, port, case), recorded[case]["instructions"]
                verdict = "ok" if found <= MOST * known else f"DEARER: say why in {os.path.basename(RECORDED)}, or mend it"
                print(f"{case}: {found:,.0f} instructions, {found / known:.2f} of the {known:,} recorded: {verdict}", flush=True)
                dearer |= found > MOST * known
        finally:
            mock.end()
    sys.exit(1 if dearer else 0)


if __name__ == "__main__":
    main()
