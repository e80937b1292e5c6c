"""The gateway's configurations: two that a soak swaps by SIGHUP, and a wrong one that must change nothing."""

from faults import MODELS, PROVIDERS

TOKEN = "soak-token"
DEADLINE_MS = 2000  # of a request that asks for none itself, and of a stream's first event

# Which provider is the cheapest differs, so that a reload moves the load.
RATES = ({"alpha": (1000, 3000), "beta": (2000, 6000), "gamma": (4000, 12000)},
         {"alpha": (5000, 9000), "beta": (2000, 6000), "gamma": (4000, 12000)})
STREAMING = ("before_first_token", "fail_fast")


def text(ports, database, variant):
    """`ports`: {provider: port}; `variant`: 0 or 1."""
    lines = ["[server]", 'listen = "127.0.0.1:0"', f'auth_token = "{TOKEN}"', "max_body_bytes = 1000000",
             "header_timeout_ms = 5000", "body_timeout_ms = 5000",
             "[database]", f'path = "{database}"',
             "[retry]", "max_retries = 2", "backoff_ms = [20, 40]", "fallbacks = 2", f"deadline_ms = {DEADLINE_MS}",
             "connect_timeout_ms = 500", "attempt_timeout_ms = 900", "retry_after_max_ms = 200",
             "fallback_statuses = [401]", f'streaming = "{STREAMING[variant]}"', f"first_event_ms = {DEADLINE_MS}",
             "stream_idle_ms = 1000",
             "[circuit_breaker]", "failures = 5", "open_ms = 2000",
             "[policies]", "[[policies.rules]]", 'name = "code"', 'allowed_models = ["gpt-4o", "small"]',
             'keywords = ["debug"]']
    models = ", ".join(f'"{model}"' for model in MODELS)
    for name in PROVIDERS:
        rate_in, rate_out = RATES[variant][name]
        lines += ["[[providers]]", f'name = "{name}"', f'url = "http://127.0.0.1:{ports[name]}/v1"',
                  f'api_key = "sk-soak-{name}"', f"models = [{models}]", f"input_rate = {rate_in}",
                  f"output_rate = {rate_out}", "base_fee = 1", "max_concurrency = 200"]
    return "\n".join(lines) + "\n"


def wrong(right):
    return right.replace("max_retries", "max_retrys")
