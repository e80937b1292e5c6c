#!/usr/bin/env python3
"""A client that asks one thing after the other for so many seconds: PORT SECONDS. Says as JSON how it was served.

A process of its own: what else a test does takes no time of it.
"""

import collections
import json
import sys
import time

sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
from slow_clients import chat
from wire import Connection, Cut


def main():
    port, seconds = int(sys.argv[1]), float(sys.argv[2])
    request, times, others, connection = chat("gpt-4o"), [], collections.Counter(), None
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            # Every tenth time on a new connection.
            if connection is None or len(times) % 10 == 0:
                if connection:
                    connection.close()
                connection = Connection(port)
            connection.send(request)
            status, fields = connection.read_head()
            whole = connection.read_body(fields)[1]
        except (Cut, OSError) as error:
            status, whole, connection = str(error), False, None
        times.append((time.monotonic() - began) * 1000)
        if status != 200 or not whole:
            others[str(status) if whole else f"{status}, cut"] += 1
    times.sort()
    print(json.dumps({"asked": len(times), "others": others, "p50_ms": times[len(times) // 2],
                      "p99_ms": times[len(times) * 99 // 100], "max_ms": times[-1]}))


if __name__ == "__main__":
    main()
