"""The scenario of a soak: providers that fail in every way the mock knows, each way a rule of its own.

The mock's metrics count by rule, so a rule's name is the kind of fault that the summary shows.
"""

# A whole answer ends with this word, so that one that was cut and passed off as whole is seen.
LAST_WORD = "finis"
TEXT = f"Grüße und Füße from a provider that is asked for hours {LAST_WORD}"
LONG_TEXT = " ".join(["word"] * 400 + [LAST_WORD])

MODELS = ("gpt-4o", "small", "long", "linger")
PROVIDERS = ("alpha", "beta", "gamma")
HEALTHY = ("healthy", "long", "linger")  # the rules that are no faults

ERRORS = {
    "error 500": {"error": 500},
    "error 502 html": {"error": "bad_gateway_html"},
    "error 503": {"error": 503},
    "error 504": {"error": 504},
    "error 529": {"error": 529},
    "overloaded, retry-after 150 ms": {"error": "overloaded", "retry_after_ms": 150},
    "rate limit, retry-after 300 ms": {"error": "rate_limit", "retry_after_ms": 300},
    "insufficient quota": {"error": "insufficient_quota"},
    "context length": {"error": "context_length"},
    "invalid api key": {"error": "invalid_api_key"},
}
TIMES = {
    "slow, 100 to 500 ms": {"delay_ms": {"type": "uniform", "lower": 100, "upper": 500}, "reply": {"text": TEXT}},
    "drip, 2000 bytes/s": {"drip": {"bytes_per_s": 2000}, "reply": {"text": TEXT}},
    "hang before headers": {"hang": {"for_ms": 20000, "end": "reset"}},
    "hang after headers": {"hang": {"at": "after_headers", "for_ms": 20000, "end": "fin"}},
    "hang in the body": {"hang": {"at": "mid_body", "for_ms": 20000, "end": "fin"}},
}
BROKEN = ("reset", "close", "close_mid_headers", "close_mid_body", "random_bytes", "empty_body", "invalid_json",
          "truncated_json", "content_length_too_long", "content_length_too_short", "duplicate_content_length",
          "bad_chunk_size", "missing_last_chunk", "html_error", "huge_headers", "bad_status_line")
FRAMES = {
    "stream: cut inside an event": {"at": [{"frame": 3, "cut_mid_event": True}]},
    "stream: fin": {"at": [{"frame": 4, "end": "fin"}]},
    "stream: reset": {"at": [{"frame": 3, "end": "reset"}]},
    "stream: reset before a token": {"at": [{"frame": 1, "end": "reset"}]},
    "stream: error event": {"at": [{"frame": 3, "error_event": "overloaded"}, {"frame": 4, "end": "fin"}]},
    "stream: error event first": {"at": [{"frame": 0, "error_event": "server_error"}, {"frame": 1, "end": "fin"}]},
    "stream: silence": {"at": [{"frame": 3, "stall_ms": 20000}]},
    "stream: silence before a token": {"at": [{"frame": 1, "stall_ms": 20000}]},
    "stream: malformed event": {"at": [{"frame": 2, "malformed": True}]},
    "stream: utf-8 split": {"at": [{"frame": 1, "split_utf8": True}]},
    "stream: event twice": {"at": [{"frame": 2, "duplicate": True}]},
    "stream: comments": {"at": [{"frame": 2, "comment": "still here", "stall_ms": 100}]},
    "stream: no [DONE]": {"omit_done": True},
}


def window(after_s, for_s, every_s):
    return [{"after_ms": after_s * 1000, "for_ms": for_s * 1000, "every_ms": every_s * 1000}]


def rules(chance):
    """The rules of every provider; the first that is active decides, so healthy comes last."""
    every = [
        {"name": "storm, all providers at once", "match": {"model": "gpt-4o"}, "schedule": window(25, 5, 90),
         "then": "repeat",
         "script": [{"choose": [{"weight": 3, "error": 503}, {"fault": "reset"}, {"hang": {"for_ms": 20000}}]}]},
        {"name": "linger", "match": {"model": "linger"}, "then": "repeat",
         "script": [{"reply": {"text": TEXT}, "frames": {"delay_ms": 200}}]},
    ]
    for name, frames in FRAMES.items():
        every.append({"name": name, "match": {"stream": True}, "probability": chance, "then": "repeat",
                      "script": [{"reply": {"text": TEXT}, "frames": frames}]})
    for name, action in (ERRORS | TIMES | {f"fault: {name}": {"fault": name} for name in BROKEN}).items():
        every.append({"name": name, "probability": chance, "then": "repeat", "script": [action]})
    every.append({"name": "long", "match": {"model": "long"}, "then": "repeat",
                  "script": [{"reply": {"text": LONG_TEXT}, "frames": {"delay_ms": 1}}]})
    every.append({"name": "healthy", "then": "repeat", "script": [{"reply": {"text": TEXT}}]})
    return every


def scenario(seed, chance=0.008):
    """For the mock; `chance` of each single fault, so that about every third attempt meets one."""
    pace = {"ttft_ms": {"type": "lognormal", "median": 20, "sigma": 0.5, "max": 200}, "tps": 300, "jitter": 0.3}
    alpha = [{"name": "outage", "match": {"model": "gpt-4o"}, "schedule": window(10, 6, 45), "then": "repeat",
              "script": [{"error": "overloaded"}]}]
    beta = [{"name": "brownout", "match": {"model": "gpt-4o"}, "schedule": window(35, 8, 60), "probability": 0.5,
             "then": "repeat",
             "script": [{"delay_ms": {"type": "uniform", "lower": 300, "upper": 900}, "reply": {"text": TEXT}}]}]
    own = {"alpha": {"rules": alpha + rules(chance)},
           "beta": {"rules": beta + rules(chance), "limits": {"rpm": 1200}, "dialect": "azure"},
           "gamma": {"rules": rules(chance), "dialect": "anthropic",
                     "listener": [{"refuse": True, "schedule": window(50, 4, 60)}]}}
    return {"version": 1, "seed": seed,
            "providers": [{"name": name, "listen": "127.0.0.1:0", "stream": pace} | own[name] for name in PROVIDERS]}
