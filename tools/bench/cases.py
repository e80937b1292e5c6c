"""What is measured: each case is a load, and those that stand in its way one after the other."""

import dataclasses

import contenders
import load
from contenders import Route

CONNECTIONS = 16
SMALL, LARGE = 400, 60000
SHORT, LONG = 1024, 16384
HEALTHY = ("arbstr", "nginx", "haproxy", "portkey")


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    what: str                      # the figures are of, in words
    body: str                      # of each request
    routes: dict                   # {contender: Route}
    connections: int = CONNECTIONS
    seconds: int = 1
    tls: bool = False              # from the client
    stream: bool = False


def plain(upstreams, tls, names, request, response):
    """The same route for each: arbstr with one event loop, nginx with one worker, haproxy with one thread."""
    return Case(f"{request} B to {response} B", f"a request of {request} B, a response of {response} B",
                load.chat_body(request), {name: Route(upstreams.plain[response], tls) for name in names})


def encrypted(upstreams, tls, names, client):
    routes = {name: Route((upstreams.plain if client else upstreams.tls)[SHORT], tls, client_tls=client,
                          upstream_tls=not client) for name in names if name != "portkey"}
    side = "from the client" if client else "to the provider"
    return Case(f"TLS {side}", f"a request of {SMALL} B with TLS {side}", load.chat_body(SMALL), routes, tls=client)


def all_cases(upstreams, tls, names, cores, big_log):
    proxies = [name for name in names if name != "portkey"]
    small = load.chat_body(SMALL)

    def route(port=upstreams.plain[SHORT], **options):
        return Route(port, tls, **options)

    cases = [plain(upstreams, tls, names, request, response)
             for request, response in ((SMALL, SHORT), (LARGE, SHORT), (SMALL, LONG), (LARGE, LONG))]
    cases += [
        Case("stream", "a chunk of 50 streams of 200", load.chat_body(SMALL, stream=True),
             {name: route(upstreams.stream, stream=True) for name in proxies}, connections=50, seconds=4, stream=True),
        encrypted(upstreams, tls, names, client=False),
        encrypted(upstreams, tls, names, client=True),
        Case("one connection", "a request alone", small, {name: route() for name in names}, connections=1),
        Case("503s", "an attempt where one in ten is a 503", small, {
            "arbstr": route(upstreams.healthy), "arbstr with 503s": route(upstreams.failing)}),
        Case("threads", "a request with more event loops", small, {
            "arbstr": route(), "arbstr, 2 loops": route(threads=2),
            f"arbstr, {cores} loops": route(threads=cores)}),
        Case("durability", "a request whose row is committed before the response", small, {
            "arbstr": route(), "arbstr, before_response": route(durability="before_response")}),
        Case("providers", "a request with so many providers for its model", small, {
            "arbstr, 10 providers": route(providers=10), "arbstr, 1,000 providers": route(providers=1000)}),
    ]
    cases += [Case(f"{connections} connections", f"a request over one of {connections} connections", small, {name: route() for name in proxies},
                   connections=connections) for connections in (128, 1000)]
    if big_log:
        cases.append(Case("log", "a request with so long a log", small, {
            "arbstr, no rows": route(), "arbstr, 5,000,000 rows": route(database=big_log)}))
    return cases


def start(name, route, programs, directory):
    """The contender's process, for the first word of its name."""
    kind = name.split(",")[0].split(" ")[0]
    make = {"arbstr": contenders.arbstr, "nginx": contenders.nginx_proxy, "haproxy": contenders.haproxy,
            "portkey": contenders.portkey}[kind]
    return make(programs.get(kind), directory, route)
