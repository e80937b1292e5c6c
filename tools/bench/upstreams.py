"""The providers behind every contender: nginx with a fixed answer, which costs least, and the mock provider for what
nginx cannot do."""

import json
import os

import nginx
import prometheus
from processes import Process, free_ports

STREAM_TOKENS, STREAM_TPS = 200, 100


def completion(size):
    """A chat completion of that many bytes, usage included."""
    def body(text):
        return json.dumps({"id": "chatcmpl-bench", "object": "chat.completion", "created": 1700000000, "model": "bench",
                           "choices": [{"index": 0, "message": {"role": "assistant", "content": text},
                                        "finish_reason": "stop"}],
                           "usage": {"prompt_tokens": 90, "completion_tokens": 200, "total_tokens": 290}})
    return body("w" * (size - len(body(""))))


class Upstreams:
    """Ports: `plain[SIZE]`, `tls[SIZE]` of nginx; `stream`, `healthy`, `failing`, `hanging` of the mock provider."""

    def __init__(self, directory, mock_provider, tls, sizes):
        certificate, key, _ = tls
        names = ("stream", "healthy", "failing", "hanging")
        free = iter(free_ports(2 * len(sizes) + len(names) + 1))
        self.plain = {size: next(free) for size in sizes}
        self.tls = {size: next(free) for size in sizes}
        servers = []
        for size in sizes:
            answer = completion(size)
            servers.append(nginx.fixed_answer(self.plain[size], answer))
            servers.append(nginx.fixed_answer(self.tls[size], answer, f"{certificate} {key}"))
        self._nginx = nginx.start(os.path.join(directory, "upstream"), servers, self.plain[sizes[0]], access_log=False)
        self.stream, self.healthy, self.failing, self.hanging = ports = [next(free) for _ in names]
        scenario = os.path.join(directory, "scenario.json")
        with open(scenario, "w", encoding="utf-8") as file:
            json.dump(self._scenario(names, ports), file)
        self._admin = next(free)
        self._mock = Process([mock_provider, "--scenario", scenario, "--quiet", "--admin", f"127.0.0.1:{self._admin}"],
                             self._admin, directory)

    @staticmethod
    def _scenario(names, ports):
        steps = {"stream": {"reply": {"text": "word " * STREAM_TOKENS}}, "healthy": {"reply": {"text": "Hello."}},
                 "failing": {"error": 503}, "hanging": {"hang": {"at": "before_headers", "for_ms": 600000}}}
        providers = []
        for name, port in zip(names, ports):
            rule = {"name": name, "script": [steps[name]], "then": "repeat"}
            if name == "failing":
                rule["probability"] = 0.1
            providers.append({"name": name, "listen": f"127.0.0.1:{port}", "stream": {"tps": STREAM_TPS},
                              "rules": [rule]})
        return {"seed": 1, "providers": providers}

    def hung_now(self):
        """How many requests the provider that hangs holds."""
        return prometheus.total(prometheus.fetch(self._admin), "mock_provider_requests_open", provider="hanging")

    def end(self):
        self._nginx.end()
        self._mock.end()
