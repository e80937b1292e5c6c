#!/usr/bin/env python3
"""As many connections as descriptors allow that do next to nothing, and a good client among them.

Half of them are idle; of the others a third send a head a byte at a time, a third a body, and a third read a large
answer slowly or not at all. All of them are held, one that is given up is replaced, while a good client in a process
of its own sends one request after the other. At the end nobody is replaced, and all must be given up.

What must hold makes the exit status; times are reported, and judged by whoever reads them.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "programs"))

# pylint: disable=wrong-import-position
import prometheus
import vitals
from programs import Program, find
from slow_clients import IDLE, READERS, SENDERS, Crowd

PATIENCE_S = 60
KIB = 1024
MODELS = (["gpt-4o"], ["plain", "stream"])  # of two providers, so that large answers hold up no others
MOST_BYTES_EACH = 24 * KIB    # of one that is idle, or sends slowly; docs/reliability.md
MOST_OF_A_STREAM = 192 * KIB  # more for a stream that is read slowly: what cannot be written yet
HELD = 0.95                   # of the connections at any time: some are being replaced
# What is opened together, and how much more one of it may cost; None: the answer, which was read before it is sent.
GROUPS = [((kind,), 0) for kind in IDLE + SENDERS] + [(READERS[:2], MOST_OF_A_STREAM), (READERS[2:], None)]
SPARE = 1000                  # the good client's, and those that are being replaced and not closed yet
# How one may end. A reader that is given up may have got all that there was.
ENDS = {**{kind: ("closed",) for kind in IDLE}, **{kind: ("408",) for kind in SENDERS},
        **{kind: ("closed", "cut", "left") for kind in READERS}}
GOOD_CLIENT = os.path.join(os.path.dirname(os.path.realpath(__file__)), "good_client.py")


def scenario(answer_bytes):
    event = "data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": "x" * 16 * KIB}}]}) + "\n\n"
    events = event * max(1, answer_bytes // len(event)) + "data: [DONE]\n\n"
    replies = {"plain": {"text": "x" * answer_bytes},
               "stream": {"body": events, "headers": {"content-type": "text/event-stream"}}}
    return {"rules": [{"match": {"model": model}, "script": [{"reply": reply}]} for model, reply in replies.items()]}


def configuration(options, ports, database):
    timeouts = [f"{key}_timeout_ms = {options.timeout_ms}" for key in ("header", "body", "idle")]
    connections = sum(options.wanted.values()) + SPARE
    return "\n".join(["[server]", 'listen = "127.0.0.1:0"', f"max_connections = {connections}"]
                     + (timeouts if options.timeout_ms else [])
                     + ["[database]", f'path = "{database}"']
                     + [line for models, port in zip(MODELS, ports) for line in (
                         "[[providers]]", f'name = "of-{models[0]}"', f'url = "http://127.0.0.1:{port}/v1"',
                         f"models = {json.dumps(models)}")] + [""])


def sanitized(program):
    with open(program, "rb") as file:
        text = file.read()
    return b"__asan_init" in text or b"__tsan_init" in text


def socket_kib():
    """Memory of all TCP buffers of this machine."""
    with open("/proc/net/sockstat", encoding="ascii") as file:
        line = next(line for line in file if line.startswith("TCP:"))
    return int(line.split()[-1]) * resource.getpagesize() // KIB


def cpu_s(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Trial:
    def __init__(self, options, directory):
        self.wrong = []
        self._options = options
        path, config = os.path.join(directory, "scenario.json"), os.path.join(directory, "config.toml")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(scenario(options.answer_kib * KIB), file)
        self._mocks = [Program([*nice, options.mock, "--quiet", "--scenario", path], "mock", directory)
                       for nice in ([], ["nice", "-n", "10"])]
        with open(config, "w", encoding="utf-8") as file:
            file.write(configuration(options, [port for mock in self._mocks for port in mock.ports.values()],
                                     os.path.join(directory, "arbstr.db")))
        self._proxy = Program([options.proxy, "serve", "--config", config], "arbstr", directory)
        self._port = self._proxy.ports["arbstr"]
        self._crowd = Crowd(self._port, options.drip_ms / 1000, 0.8 * self.timeout_s())
        self._measures_memory = not sanitized(options.proxy)

    def timeout_s(self):
        """The longest of the gateway's: idle_timeout_ms."""
        return (self._options.timeout_ms or 75000) / 1000

    def expect(self, holds, otherwise):
        if not holds:
            print(f"WRONG: {otherwise}", flush=True)
            self.wrong.append(otherwise)

    def connections(self):
        """The gateway's own count, without the one that asks."""
        return prometheus.total(prometheus.fetch(self._port), "arbstr_connections") - 1

    def wait(self, condition, what, limit_s=PATIENCE_S):
        until = time.monotonic() + limit_s
        while not condition():
            if time.monotonic() > until:
                self.expect(False, f"{what}: not within {limit_s:.0f} s; the gateway has {self.connections():.0f} "
                                   f"connections, the clients {dict(self._crowd.open)}")
                return
            time.sleep(0.05)

    def ask(self, name):
        """The good client's summary of so many seconds."""
        ran = subprocess.run([sys.executable, GOOD_CLIENT, str(self._port), str(self._options.seconds)],
                             stdout=subprocess.PIPE, check=True)
        seen = json.loads(ran.stdout)
        self.expect(seen["others"] == {}, f"the good client {name} met {seen['others']}")
        self.expect(seen["asked"] > 0, f"the good client {name} met nothing")
        print(f"good client {name}: {seen['asked']} requests, p50 {seen['p50_ms']:.2f}, p99 {seen['p99_ms']:.2f}, "
              f"at most {seen['max_ms']:.2f} ms", flush=True)
        return seen

    def held(self, count):
        """Whether both sides have so many, but for the few that are being replaced."""
        return min(self._crowd.begun(), self.connections()) >= count * HELD

    def fill(self):
        """One group after the other, so that each one's memory is known."""
        total, answer = 0, self._options.answer_kib * KIB
        for group, more in GROUPS:
            count, before = sum(self._options.wanted[kind] for kind in group), vitals.sample(self._proxy.pid)[0]
            total, began, name = total + count, time.monotonic(), " and ".join(group)
            for kind in group:
                self._crowd.add(kind, self._options.wanted[kind])
            self.wait(lambda: self.held(total), f"{count} {name} are held")  # pylint: disable=cell-var-from-loop
            if self.wrong:
                return
            took = time.monotonic() - began
            time.sleep(self._options.settle_s)  # answers go as far as they can
            each = (vitals.sample(self._proxy.pid)[0] - before) * KIB / max(1, count)
            print(f"{count:6} {name}: {each:.0f} bytes each, held after {took:.1f} s", flush=True)
            most = MOST_BYTES_EACH + (answer if more is None else more)
            if self._measures_memory:
                self.expect(each <= most, f"{name}: {each:.0f} bytes each, at most {most} are promised")

    def hold(self):
        seen, total = [], sum(self._options.wanted.values())
        dripped, cpu, began = self._crowd.dripped, cpu_s(self._proxy.pid), time.monotonic()
        for number in range(self._options.repeat):
            seen.append(self.ask(f"among {total}, {number + 1}"))
            self.wait(lambda: self.held(total), "all are still held")
        took = time.monotonic() - began
        medians = {key: statistics.median(one[key] for one in seen) for key in ("p50_ms", "p99_ms", "max_ms")}
        rss, descriptors = vitals.sample(self._proxy.pid)
        print(f"medians of {len(seen)}: p50 {medians['p50_ms']:.2f}, p99 {medians['p99_ms']:.2f}, "
              f"at most {medians['max_ms']:.2f} ms\n"
              f"gateway: {rss} KiB resident, {descriptors} descriptors, "
              f"{(cpu_s(self._proxy.pid) - cpu) / took:.2f} CPU-seconds a second; TCP's buffers, all: {socket_kib()} "
              f"KiB\nslow ones sent {(self._crowd.dripped - dripped) / took:.0f} bytes a second; given up and "
              f"replaced: {self._crowd.ended_as()}", flush=True)

    def end(self):
        """Nobody is replaced: each must be given up, whoever sends told so by a 408."""
        self._crowd.stop_replacing()
        senders = self._options.wanted["head"] + self._options.wanted["body"]
        self.wait(lambda: self.connections() == 0, "all are given up", 2 * self.timeout_s() + PATIENCE_S)
        self._crowd.drain()
        self.wait(lambda: not self._crowd.open, "all see their end", PATIENCE_S)
        ended = self._crowd.ended_as()
        told = ended.get("head: 408", 0) + ended.get("body: 408", 0)
        self.expect(told >= senders, f"{told} were told 408, of {senders}")
        for how in ended:
            kind, _, end = how.partition(": ")
            self.expect(end in ENDS[kind], f"{kind} ended as {end}, {ended[how]} times")
        print(f"ended: {ended}\ngateway after all: {vitals.sample(self._proxy.pid)[0]} KiB resident", flush=True)
        self.ask("after them")
        self._proxy.signal(15)
        self.expect((status := self._proxy.wait()) == 0, f"SIGTERM: exit status {status}")
        for line in self._proxy.alarms:
            self.expect(False, f"stderr: {line}")

    def run(self):
        self.ask("alone")
        print(f"gateway before: {vitals.sample(self._proxy.pid)[0]} KiB resident", flush=True)
        self.fill()
        if not self.wrong:
            self.hold()
            self.end()

    def close(self):
        self._crowd.close()
        self._proxy.end()
        for mock in self._mocks:
            mock.end()


def main():
    parser = argparse.ArgumentParser(prog="tools/bazel run -c opt //tools:crowd --", description=__doc__,
                                     allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--idle", type=int, default=8000, help="idle connections (8000); half have had an answer")
    parser.add_argument("--slow", type=int, default=8000, help="slow ones (8000)")
    parser.add_argument("--seconds", type=float, default=5, help="of the good client, each time (5)")
    parser.add_argument("--repeat", type=int, default=5, help="how often the good client is measured (5)")
    parser.add_argument("--drip-ms", type=int, default=1000, help="between two bytes of a slow one (1000)")
    parser.add_argument("--answer-kib", type=int, default=512, help="size of the answers that are read slowly (512)")
    parser.add_argument("--timeout-ms", type=int, default=0, help="the gateway's, for head, body and idle; 0: defaults")
    parser.add_argument("--settle-s", type=float, default=1, help="before memory is looked at (1)")
    parser.add_argument("--proxy", default="proxy/arbstr", help="another arbstr, such as one with a sanitizer")
    parser.add_argument("--mock", default="mock_provider/mock_provider", help="another mock_provider")
    options = parser.parse_args()
    third, idle = options.slow // 3, options.idle // 2
    options.wanted = {"idle": idle, "answered": options.idle - idle, "head": options.slow - 2 * third, "body": third}
    for number, kind in enumerate(READERS):
        options.wanted[kind] = (third + number) // len(READERS)
    options.proxy, options.mock = find(options.proxy, "--proxy"), find(options.mock, "--mock")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    # The gateway has one more descriptor for each answer that it still reads.
    if sum(options.wanted.values()) + third + SPARE > hard:
        parser.error(f"{options.idle} idle and {options.slow} slow ones want more than {hard} descriptors")

    print(f"crowd: {options.wanted}", flush=True)
    directory = tempfile.mkdtemp(prefix="crowd-")
    trial = Trial(options, directory)
    try:
        trial.run()
    finally:
        trial.close()
        shutil.rmtree(directory)
    print(f"FAILED: {len(trial.wrong)} wrong" if trial.wrong else "PASSED")
    return 1 if trial.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
