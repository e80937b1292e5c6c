"""Requests that a provider never answers: what each costs in memory while it waits."""

import resource
import selectors
import socket
import time

TO_ARRIVE_S = 120


def raise_descriptor_limit():
    """Everybody that is started inherits it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def request(body):
    return (f"POST /v1/chat/completions HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}").encode("ascii")


def hold(port, requests, body, waiting):
    """That many connections with a request each, once `waiting()` says that all of them wait at the provider."""
    opened, text = [], request(body)
    try:
        for number in range(requests):
            opened.append(socket.create_connection(("127.0.0.1", port)))
            opened[-1].sendall(text)
            if number % 500 == 499:
                time.sleep(0.05)
        wait_for(waiting, requests)
        check_silent(opened)
    except BaseException:
        release(opened)
        raise
    return opened


def wait_for(waiting, requests):
    until = time.monotonic() + TO_ARRIVE_S
    while waiting() != requests:
        if time.monotonic() > until:
            raise RuntimeError(f"{waiting():.0f} requests wait at the provider where {requests} should")
        time.sleep(0.2)


def check_silent(opened):
    with selectors.DefaultSelector() as selector:
        for connection in opened:
            selector.register(connection, selectors.EVENT_READ)
        if answered := len(selector.select(0)):
            raise RuntimeError(f"{answered} of {len(opened)} requests that were to hang were answered")


def release(opened):
    for connection in opened:
        connection.close()


def bytes_each(process, requests, body, waiting):
    """Resident memory, in bytes a request. What a first few requests need once is not counted."""
    release(hold(process.port, 100, body, waiting))
    wait_for(waiting, 0)
    before = process.rss_bytes()
    opened = hold(process.port, requests, body, waiting)
    each = (process.rss_bytes() - before) / requests
    release(opened)
    wait_for(waiting, 0)
    return each
