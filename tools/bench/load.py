"""Load from wrk, and what it cost the process that stood in its way."""

import json
import os
import subprocess

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "wrk_post.lua")


def chat_body(size, stream=False):
    body = {"model": "bench", "messages": [{"role": "user", "content": ""}], "temperature": 0.7}
    if stream:
        body["stream"] = True
    rest = size - len(json.dumps(body))
    body["messages"][0]["content"] = ("Tell me about the sea. " * (rest // 23 + 1))[:max(rest, 0)]
    return json.dumps(body)


class Load:
    def __init__(self, directory, body, headers=None):
        self._environment = dict(os.environ, BENCH_BODY=os.path.join(directory, f"body-{len(body)}.json"),
                                 BENCH_HEADERS="\n".join(f"{name}: {value}" for name, value in (headers or {}).items()))
        with open(self._environment["BENCH_BODY"], "w", encoding="ascii") as file:
            file.write(body)

    def run(self, port, connections, seconds, tls=False, failures_allowed=False):
        """wrk's own figures: requests, bytes, duration_us, p50_us and so on. Raises where a request failed."""
        url = f"{'https' if tls else 'http'}://127.0.0.1:{port}/v1/chat/completions"
        done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", SCRIPT, url],
                              env=self._environment, capture_output=True, text=True, check=False)
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        if done.returncode != 0 or not lines:
            raise RuntimeError(f"wrk failed:\n{done.stdout}{done.stderr}")
        result = json.loads(lines[-1])
        if result["errors"] and not failures_allowed:
            raise RuntimeError(f"{result['errors']} of {result['requests']} requests failed at port {port}")
        return result

    def measure(self, process, connections, seconds, tls=False, failures_allowed=False):
        """run, and of the process `cpu_us`, its CPU meanwhile, and `rss_bytes`, its memory at the end."""
        before = process.cpu_us()
        result = self.run(process.port, connections, seconds, tls, failures_allowed)
        result["cpu_us"] = process.cpu_us() - before
        result["rss_bytes"] = process.rss_bytes()
        return result
