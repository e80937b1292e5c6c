"""nginx, as the provider and as a plain reverse proxy with the settings that its documentation gives for one."""

import os
import shutil

from processes import Process


def listening(port, tls):
    """`tls`: "CERTIFICATE KEY"; None: plain."""
    if tls is None:
        return f"listen 127.0.0.1:{port} backlog=16384;"
    certificate, key = tls.split()
    return (f"listen 127.0.0.1:{port} ssl backlog=16384; ssl_certificate {certificate}; ssl_certificate_key {key}; "
            "ssl_protocols TLSv1.2 TLSv1.3;")


def fixed_answer(port, answer, tls=None):
    """In pieces: a parameter of nginx is shorter than 4 KiB."""
    pieces = [answer[at:at + 4000] for at in range(0, len(answer), 4000)]
    variables = " ".join(f"set $piece{number} '{piece}';" for number, piece in enumerate(pieces))
    whole = "".join(f"${{piece{number}}}" for number in range(len(pieces)))
    return (f"server {{ {listening(port, tls)} default_type application/json; client_body_buffer_size 128k; "
            f"location / {{ {variables} return 200 \"{whole}\"; }} }}")


def reverse_proxy(port, upstream, tls=None, upstream_ca=None, buffering=True):
    """`upstream_ca`: the authority of an upstream that speaks TLS, verified as arbstr does."""
    name = f"upstream_{port}"
    scheme, verified = "http", ""
    if upstream_ca is not None:
        scheme = "https"
        verified = (f"proxy_ssl_trusted_certificate {upstream_ca}; proxy_ssl_verify on; proxy_ssl_name localhost; "
                    "proxy_ssl_server_name on; ")
    return (f"upstream {name} {{ server 127.0.0.1:{upstream}; keepalive 1024; keepalive_requests 1000000000; }} "
            f"server {{ {listening(port, tls)} client_body_buffer_size 128k; client_max_body_size 32m; "
            f"location / {{ proxy_pass {scheme}://{name}; proxy_http_version 1.1; proxy_set_header Connection ''; "
            f"proxy_set_header Host 127.0.0.1; {verified}proxy_read_timeout 600s; "
            f"proxy_buffering {'on' if buffering else 'off'}; }} }}")


def start(directory, servers, port, access_log=True):
    """One worker. `port`: one of the servers', to wait for."""
    os.makedirs(directory, exist_ok=True)
    log = os.path.join(directory, "access.log") if access_log else "off"
    temporary = " ".join(f"{kind}_temp_path {directory};"
                         for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    configuration = os.path.join(directory, "nginx.conf")
    with open(configuration, "w", encoding="utf-8") as file:
        # As root it would give its folders to another user, which a sandbox may not have.
        user = "user root; " if os.geteuid() == 0 else ""
        file.write(f"{user}daemon off; worker_processes 1; worker_rlimit_nofile 65536; pid {directory}/pid; "
                   f"error_log {directory}/error.log;\nevents {{ worker_connections 32768; }}\n"
                   f"http {{ access_log {log}; keepalive_requests 1000000000; keepalive_timeout 600s; {temporary}\n"
                   + "\n".join(servers) + "\n}\n")
    return Process([shutil.which("nginx") or "/usr/sbin/nginx", "-e", f"{directory}/error.log", "-c", configuration],
                   port, directory)
