"""A certificate for 127.0.0.1, and the authority that signed it: itself."""

import os
import subprocess


def make(directory):
    """(certificate, key, both in one file), paths."""
    certificate, key, both = (os.path.join(directory, name) for name in ("cert.pem", "key.pem", "both.pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    with open(both, "w", encoding="ascii") as joined:
        for path in (certificate, key):
            with open(path, encoding="ascii") as part:
                joined.write(part.read())
    return certificate, key, both
