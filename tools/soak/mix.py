"""What clients ask: kinds of requests, drawn by weight, and their bytes."""

import json

from gateway_config import TOKEN

# kind: weight. A kind that is not unreadable has exactly one row.
WEIGHTS = {"plain": 40, "stream": 30, "slow reader": 3, "plain, leaves": 3, "stream, leaves": 4,
           "own deadline": 4, "policy": 3, "unknown policy": 2, "unknown model": 2, "unreadable": 9}
STREAMS = ("stream", "slow reader", "stream, leaves")
OWN_DEADLINE_MS = 300


def draw(random):
    return random.choices(list(WEIGHTS), WEIGHTS.values())[0]


def message(body, fields=(), line="POST /v1/chat/completions HTTP/1.1"):
    head = [line, "Host: soak", f"Authorization: Bearer {TOKEN}", "Content-Type: application/json",
            f"Content-Length: {len(body)}", *fields]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def chat(kind, random):
    """(model, bytes) of a readable request."""
    model = {"slow reader": "long", "unknown model": f"made-up-{random.randrange(1000)}",
             "linger": "linger"}.get(kind) or random.choice(("gpt-4o", "gpt-4o", "small"))
    body = {"model": model, "messages": [{"role": "user", "content": "please debug" if kind == "policy" else "hello"}]}
    if kind in STREAMS or kind == "linger":
        body["stream"] = True
        if random.random() < 0.5:
            body["stream_options"] = {"include_usage": True}
    fields = {"own deadline": [f"x-arbstr-deadline-ms: {OWN_DEADLINE_MS}"],
              "unknown policy": ["X-Arbstr-Policy: no-such"]}.get(kind, [])
    return model, message(json.dumps(body).encode(), fields)


GOOD = b'{"model":"gpt-4o","messages":[{"role":"user","content":"hello"}]}'
# What a gateway must refuse: {what it is: (bytes, status)}. No one of them has a row.
UNREADABLE = {
    "no JSON": (message(b"{\"model\":"), 400),
    "no messages": (message(b'{"model":"gpt-4o"}'), 400),
    "model twice": (message(b'{"model":"gpt-4o","model":"small","messages":[{"role":"user"}]}'), 400),
    "not UTF-8": (message(b'{"model":"gpt-4o","messages":[{"role":"user","content":"\xff"}]}'), 400),
    "another content type": (message(GOOD).replace(b"application/json", b"text/plain"), 415),
    "another key": (message(GOOD).replace(TOKEN.encode(), b"wrong"), 401),
    "another path": (message(GOOD, line="POST /v1/nothing HTTP/1.1"), 404),
    "another method": (message(b"", line="GET /v1/chat/completions HTTP/1.1"), 405),
    "two lengths": (message(GOOD, ["Content-Length: 3"]), 400),
    "length and chunks": (message(GOOD, ["Transfer-Encoding: chunked"]), 400),
    "a NUL in a field": (message(GOOD, ["x-a: b\0c"]), 400),
    "a field of 100,000 bytes": (message(GOOD, ["x-a: " + "a" * 100000]), 431),
    "a body that is too long": (message(b"", ["x-a: b"]).replace(b"Content-Length: 0", b"Content-Length: 99999999"),
                                413),
    "no HTTP": (b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03 and so on\r\n\r\n", 400),
}
