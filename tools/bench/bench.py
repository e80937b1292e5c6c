#!/usr/bin/env python3
"""What a request costs the gateway, beside nginx, haproxy and the Portkey gateway, in one run.

Every figure is the median of interleaved runs, with its range; CPU is that of all threads of a contender's processes, by
the scheduler's count. Only figures of one run can be compared: another machine, or another hour, gives others.
"""

import argparse
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "programs")]

# pylint: disable=wrong-import-position
import cases
import certificates
import contenders
import hung
import load
import plot
import prometheus
import report
from upstreams import Upstreams

NEEDED = ("nginx", "haproxy", "wrk", "openssl")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="runs of each, one after the other (7)")
    parser.add_argument("--cases", default="", help="only cases whose name has this in it")
    parser.add_argument("--hung", type=int, default=9000, help="hung requests to hold at once; 0: none (9000)")
    parser.add_argument("--portkey", metavar="DIRECTORY", help="where `npm ci` of tools/bench/portkey was run")
    parser.add_argument("--log", metavar="FILE", help="a database of 5,000,000 rows, to compare with an empty one")
    parser.add_argument("--plot", metavar="FILE", help="write a bar chart, SVG")
    parser.add_argument("--arbstr", default="proxy/arbstr")
    parser.add_argument("--mock", default="mock_provider/mock_provider")
    options = parser.parse_args()
    where = os.environ.get("BUILD_WORKING_DIRECTORY", ".")
    for name in ("portkey", "log", "plot"):
        if getattr(options, name):
            setattr(options, name, os.path.abspath(os.path.join(where, getattr(options, name))))
    for name in ("arbstr", "mock"):
        setattr(options, name, os.path.abspath(getattr(options, name)))
        if not os.access(getattr(options, name), os.X_OK):
            parser.error(f"{getattr(options, name)} is not there; use `tools/bazel run -c opt //tools:bench`")
    missing = [name for name in NEEDED if not (shutil.which(name) or os.path.exists(f"/usr/sbin/{name}"))]
    if missing:
        parser.error(f"install {', '.join(missing)} first: apt-get install nginx-light haproxy wrk openssl")
    return options


def version(command, pattern):
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return "absent"
    found = re.search(pattern, said.stdout + said.stderr)
    return found[1] if found else "unknown"


def machine(options):
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
        model = re.search(r"model name\s*: (.*)", info.read())
    versions = [f"nginx {version(['/usr/sbin/nginx', '-v'], r'nginx/([0-9.]+)')}",
                f"haproxy {version(['/usr/sbin/haproxy', '-v'], r'version ([0-9.]+)')}",
                f"wrk {version(['wrk', '-v'], r'wrk (?:debian/)?([0-9.]+)')}"]
    if options.portkey:
        versions.append(f"Portkey gateway of {options.portkey}, node {version(['node', '-v'], r'v([0-9.]+)')}")
    return (f"{os.cpu_count()} cores of {model[1] if model else platform.machine()}, Linux {platform.release()}; "
            + ", ".join(versions))


def attempts_of(process):
    return prometheus.total(prometheus.fetch(process.port), "arbstr_upstream_attempts_total")


def stream_bytes(port, body):
    """(bytes, events) of one whole streamed response, head and chunk framing included: as wrk counts them."""
    text = hung.request(body)
    received = b""
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        connection.sendall(text)
        while not received.endswith(b"\r\n0\r\n\r\n"):
            piece = connection.recv(65536)
            if not piece:
                raise RuntimeError(f"a stream of port {port} was cut after {len(received)} bytes")
            received += piece
    return len(received), received.count(b"data: ")


class Bench:
    def __init__(self, options, directory):
        self._options, self._directory = options, directory
        tls = certificates.make(directory)
        self.upstreams = Upstreams(directory, options.mock, tls, (cases.SHORT, cases.LONG))
        self._names = [name for name in cases.HEALTHY if name != "portkey" or options.portkey]
        self._programs = {"arbstr": options.arbstr, "portkey": options.portkey}
        self.cases = [case for case in cases.all_cases(self.upstreams, tls, self._names, os.cpu_count(), options.log)
                      if options.cases in case.name]

    def progress(self, text):
        print(f"\r\033[K{text}" if sys.stderr.isatty() else text, end="" if sys.stderr.isatty() else "\n",
              file=sys.stderr, flush=True)

    def run(self, case):
        processes = {name: cases.start(name, route, self._programs, self._directory)
                     for name, route in case.routes.items()}
        figures = {name: report.Figures() for name in processes}
        try:
            for number in range(self._options.rounds + 1):  # the first is a warm-up
                self.progress(f"{case.name}: run {number} of {self._options.rounds}")
                direct = self._direct(case) if case.connections == 1 else None
                for name, process in processes.items():
                    found = self._measure(case, name, process, direct)
                    if number:
                        figures[name].add(found)
        finally:
            for process in processes.values():
                process.end()
        return figures

    def _direct(self, case):
        return load.Load(self._directory, case.body).run(self.upstreams.plain[cases.SHORT], 1, case.seconds)["p50_us"]

    def _measure(self, case, name, process, direct):
        headers = contenders.portkey_headers(case.routes[name]) if name == "portkey" else None
        by_attempts = case.name == "503s"
        before = attempts_of(process) if by_attempts else 0
        result = load.Load(self._directory, case.body, headers).measure(process, case.connections, case.seconds, case.tls,
                                                                        failures_allowed=by_attempts)
        count = attempts_of(process) - before if by_attempts else result["requests"]
        if case.stream:
            size, events = stream_bytes(process.port, case.body)
            count = result["bytes"] / size * events
        return report.measures(result, count, direct)

    def hang(self):
        """Bytes of a hung request at each but Portkey, which has no route of its own to the provider."""
        each, body = {}, load.chat_body(cases.SMALL)
        for name in self._names:
            if name == "portkey":
                continue
            self.progress(f"{self._options.hung} hung requests at {name}")
            process = cases.start(name, contenders.Route(self.upstreams.hanging), self._programs, self._directory)
            try:
                each[name] = hung.bytes_each(process, self._options.hung, body, self.upstreams.hung_now)
            finally:
                process.end()
        return each


def main():
    options = arguments()
    hung.raise_descriptor_limit()
    with tempfile.TemporaryDirectory(prefix="arbstr-bench-") as directory:
        bench = Bench(options, directory)
        try:
            print(f"{machine(options)}; {options.rounds} runs of each, median [least..most]\n")
            found = {}
            for case in bench.cases:
                found[case.name] = bench.run(case)
                baseline = "nginx" if "nginx" in found[case.name] else next(iter(found[case.name]))
                print(report.table(case.what, found[case.name], baseline), end="\n\n", flush=True)
            each = bench.hang() if options.hung else {}
            if each:
                print(report.hung_table(options.hung, each), end="\n\n")
            print(report.Targets(found, each).check())
            if options.plot:
                draw(options.plot, found)
        finally:
            bench.upstreams.end()


def draw(path, found):
    shown = (("400 B to 1024 B", "400 B request: CPU of the proxy"), ("60000 B to 1024 B", "60 KB request"),
             ("stream", "a stream's chunk"))
    rows = [(heading, {name: figures.median("cpu_us") for name, figures in found[case].items()})
            for case, heading in shown if case in found]
    with open(path, "w", encoding="utf-8") as file:
        file.write(plot.bars("CPU of the proxy for a request", rows))


if __name__ == "__main__":
    main()
