"""A client without any HTTP of its own: one chat request a connection, and how the connection ended."""

import json
import re
import socket
import ssl

PATIENCE_S = 10


class Answer:
    """What came: `data`, and `ending`: fin, reset, refused, untrusted, or timeout."""

    def __init__(self, data, ending):
        self.data, self.ending = data, ending
        self.head, _, self.body = data.partition(b"\r\n\r\n")
        match = re.match(rb"HTTP/1\.1 (\d\d\d) ", data)
        self.status = match[1].decode() if match else None

    def chunked(self):
        return b"transfer-encoding: chunked" in self.head.lower()

    def text(self):
        """Head and body, the body without its chunking."""
        return (self.head + b"\r\n\r\n" + self.content()).decode("utf-8", "replace")

    def content(self):
        if not self.chunked():
            return self.body
        whole, rest = b"", self.body
        while (match := re.match(rb"([0-9a-f]+)\r\n", rest)) and int(match[1], 16) > 0:
            size = int(match[1], 16)
            whole += rest[match.end():match.end() + size]
            rest = rest[match.end() + size + 2:]
        return whole

    def is_cut(self):
        """Whether the connection ended before the answer did, by the answer's own framing."""
        if self.status is None:
            return False
        if b"\r\n\r\n" not in self.data or self.ending == "reset":
            return True
        if self.chunked():
            return not self.body.endswith(b"0\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", self.head.lower())
        return length is not None and len(self.body) < int(length[1])


class NotConnected(Exception):
    """No request could be sent; `answer` says why."""

    def __init__(self, ending):
        super().__init__(ending)
        self.answer = Answer(b"", ending)


def connect(port, authority):
    """A connection; with the file of an authority's certificate, one over TLS that trusts nobody else."""
    try:
        connection = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
    except ConnectionRefusedError:
        raise NotConnected("refused") from None
    if authority is None:
        return connection
    try:
        return ssl.create_default_context(cafile=authority).wrap_socket(connection, server_hostname="127.0.0.1")
    except ssl.SSLCertVerificationError:
        raise NotConnected("untrusted") from None
    except (ssl.SSLError, ConnectionResetError):  # a handshake that is cut: which of them differs between versions
        raise NotConnected("fin") from None


def send(port, model, stream=False, headers=(), authority=None):
    """The connection on which the request has been sent; raises NotConnected where there is none."""
    body = json.dumps({"model": model, "stream": stream, "messages": [{"role": "user", "content": "hello there"}]})
    lines = ["POST /v1/chat/completions HTTP/1.1", "Host: mock", "Connection: close", *headers,
             f"Content-Length: {len(body)}"]
    connection = connect(port, authority)
    connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body.encode())
    return connection


def read(connection):
    """Reads to the end of the connection and closes it."""
    data, ending = b"", "fin"
    with connection:
        try:
            while part := connection.recv(65536):
                data += part
        except ConnectionResetError:
            ending = "reset"
        except TimeoutError:
            ending = "timeout"
    return Answer(data, ending)
