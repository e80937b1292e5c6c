"""HTTP/1.1 as a client meets it, byte by byte: it must tell a whole answer from a cut one."""

import socket
import time

PATIENCE_S = 30


class Cut(Exception):
    """The connection ended, or fell silent for PATIENCE_S, inside an answer."""


class Connection:
    """One connection; `receive_buffer` and `pause_s` make it a client that reads slowly."""

    def __init__(self, port, receive_buffer=None, pause_s=0):
        self._socket = socket.socket()
        self._socket.settimeout(PATIENCE_S)
        if receive_buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.connect(("127.0.0.1", port))
        self._pause_s, self._size = pause_s, 512 if pause_s else 65536
        self._buffer = b""

    def send(self, data):
        self._socket.sendall(data)

    def close(self):
        self._socket.close()

    def reset(self):
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self._socket.close()

    def _more(self):
        if self._pause_s:
            time.sleep(self._pause_s)
        try:
            part = self._socket.recv(self._size)
        except OSError as error:
            raise Cut(str(error)) from None
        if not part:
            raise Cut("end")
        self._buffer += part

    def _until(self, mark):
        while (at := self._buffer.find(mark)) < 0:
            self._more()
        found, self._buffer = self._buffer[:at], self._buffer[at + len(mark):]
        return found

    def _take(self, size):
        while len(self._buffer) < size:
            self._more()
        found, self._buffer = self._buffer[:size], self._buffer[size:]
        return found

    def read_head(self):
        """(status, {lower-case name: value}); raises Cut where none comes."""
        lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        fields = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            fields.setdefault(name.lower(), value.strip())
        return int(lines[0].split(" ")[1]), fields

    def read_body(self, fields):
        """(body without its framing, whether it ended as its framing says)."""
        if fields.get("transfer-encoding", "").lower() != "chunked":
            try:
                return self._take(int(fields.get("content-length", 0))), True
            except Cut:
                return self._buffer, False
        body = b""
        try:
            while size := int(self._until(b"\r\n"), 16):
                body += self._take(size + 2)[:-2]
            self._until(b"\r\n")
            return body, True
        except (Cut, ValueError):
            return body + self._buffer, False
