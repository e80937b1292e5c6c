"""What stands between the load and the provider. Each is made for one upstream and ended after its case."""

import dataclasses
import os
import shutil
from typing import Optional

import nginx
from processes import Process, free_port

MODEL = "bench"


@dataclasses.dataclass(frozen=True)
class Route:
    """Where a contender passes requests to and how it is spoken to."""

    upstream: int                   # its port
    tls: Optional[tuple] = None     # of certificates.make
    client_tls: bool = False
    upstream_tls: bool = False
    stream: bool = False
    # Of arbstr alone.
    threads: int = 1
    durability: str = "group"
    providers: int = 1
    database: Optional[str] = None  # a file that is there; else one of its own


def arbstr(binary, directory, route, process=Process):
    """Everything on: routing by price, retries, breaker, budget, metrics, a line and a row a request."""
    port = free_port()
    database = route.database or os.path.join(directory, f"arbstr-{port}.db")
    lines = ["[server]", f'listen = "127.0.0.1:{port}"', f"threads = {route.threads}", "max_connections = 20000"]
    if route.client_tls:
        lines += [f'tls_certificate = "{route.tls[0]}"', f'tls_key = "{route.tls[1]}"']
    lines += ["[database]", f'path = "{database}"', f'durability = "{route.durability}"',
              "[retry]", "backoff_ms = [1]", "deadline_ms = 600000"]
    scheme = "https" if route.upstream_tls else "http"
    for number in range(route.providers):
        lines += ["[[providers]]", f'name = "provider-{number:04}"', f'url = "{scheme}://localhost:{route.upstream}/v1"',
                  'api_key = "sk-bench"', f'models = ["{MODEL}"]', f"input_rate = {2500 + number}",
                  f"output_rate = {10000 + number}", "base_fee = 1"]
        if route.upstream_tls:
            lines.append(f'tls_ca_file = "{route.tls[0]}"')
    configuration = os.path.join(directory, f"arbstr-{port}.toml")
    with open(configuration, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return process([binary, "serve", "--config", configuration], port, directory)


def nginx_proxy(_, directory, route):
    port = free_port()
    tls = f"{route.tls[0]} {route.tls[1]}" if route.client_tls else None
    server = nginx.reverse_proxy(port, route.upstream, tls, route.tls[0] if route.upstream_tls else None,
                                 buffering=not route.stream)
    return nginx.start(os.path.join(directory, f"nginx-{port}"), [server], port)


def haproxy(_, directory, route):
    port = free_port()
    bind = f" ssl crt {route.tls[2]} ssl-min-ver TLSv1.2" if route.client_tls else ""
    server = f" ssl verify required ca-file {route.tls[0]} verifyhost localhost" if route.upstream_tls else ""
    configuration = os.path.join(directory, f"haproxy-{port}.cfg")
    with open(configuration, "w", encoding="utf-8") as file:
        file.write("global\n  nbthread 1\n  maxconn 9500\n  tune.ssl.default-dh-param 2048\n"
                   "defaults\n  mode http\n  http-reuse always\n  timeout connect 5s\n  timeout client 600s\n"
                   "  timeout server 600s\n  option abortonclose\n"
                   f"listen bench\n  bind 127.0.0.1:{port} backlog 16384{bind}\n"
                   f"  server upstream 127.0.0.1:{route.upstream}{server}\n")
    return Process([shutil.which("haproxy") or "/usr/sbin/haproxy", "-db", "-q", "-f", configuration], port, directory)


def portkey(folder, directory, _):
    """Takes its upstream from the request's headers: wrk_post.lua sends them."""
    port = free_port()
    script = os.path.join(folder, "node_modules", "@portkey-ai", "gateway", "build", "start-server.js")
    return Process(["node", script, f"--port={port}", "--headless"], port, directory,
                   env=dict(os.environ, NODE_ENV="production"))


def portkey_headers(route):
    return {"x-portkey-provider": "openai", "x-portkey-custom-host": f"http://127.0.0.1:{route.upstream}/v1",
            "authorization": "Bearer sk-bench"}
