#!/usr/bin/env python3
"""The systemd unit and the Dockerfile fit the program that is built here."""

import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

PROGRAM = os.path.abspath("proxy/arbstr")
UNIT = "packaging/arbstr.service"
DOCKERFILE = "packaging/Dockerfile"
INSTALLED_AT = "/usr/local/bin/arbstr"
PATIENCE = 30


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def setting(name):
    return re.search(rf"^{name}=(.*)$", read(UNIT), re.MULTILINE)[1]


def config(port):
    return (f'[server]\nlisten = "127.0.0.1:{port}"\n[[providers]]\nname = "one"\n'
            'url = "https://one.example/v1"\napi_key = "${ONE_KEY}"\n')


class Unit(unittest.TestCase):
    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed")
    def test_systemd_finds_no_mistake_and_little_exposure(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "arbstr.service")
            with open(path, "w", encoding="utf-8") as file:
                file.write(read(UNIT).replace(INSTALLED_AT, PROGRAM))
            verified = subprocess.run(["systemd-analyze", "verify", path], capture_output=True, text=True)
            self.assertEqual((verified.returncode, verified.stderr), (0, ""))
            judged = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", path],
                                    capture_output=True, text=True)
            self.assertEqual(judged.returncode, 0, judged.stdout)

    def test_the_service_manager_is_told_as_the_unit_says(self):
        """Started by the unit's own command line, reloaded and stopped by its signals."""
        self.assertEqual(setting("Type"), "notify")
        self.assertIn("-HUP", setting("ExecReload"))
        with tempfile.TemporaryDirectory() as directory, \
                socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(os.path.join(directory, "notify"))
            manager.settimeout(PATIENCE)
            path = os.path.join(directory, "config.toml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(config(0))
            command = setting("ExecStart").replace(INSTALLED_AT, PROGRAM).replace("/etc/arbstr/config.toml", path)
            service = subprocess.Popen(command.split(), cwd=directory, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL,
                                       env={"NOTIFY_SOCKET": manager.getsockname(), "ONE_KEY": "sk-1"})
            try:
                self.assertTrue(manager.recv(4096).startswith(b"READY=1"))
                service.send_signal(signal.SIGHUP)
                self.assertRegex(manager.recv(4096).decode(), r"^RELOADING=1\nMONOTONIC_USEC=\d+")
                self.assertTrue(manager.recv(4096).startswith(b"READY=1"))
                with open(path, "w", encoding="utf-8") as file:
                    file.write("nonsense")
                service.send_signal(signal.SIGHUP)
                self.assertTrue(manager.recv(4096).startswith(b"RELOADING=1"))
                self.assertTrue(manager.recv(4096).startswith(b"READY=1"), "a reload that failed is over, too")
                service.terminate()
                self.assertTrue(manager.recv(4096).startswith(b"STOPPING=1"))
                self.assertEqual(service.wait(PATIENCE), 0)
            finally:
                service.kill()
                service.wait(PATIENCE)
            self.assertTrue(os.path.exists(os.path.join(directory, "arbstr.db")),
                            "the database is where the unit's WorkingDirectory is")


class Dockerfile(unittest.TestCase):
    def test_the_image_has_the_libraries_that_the_program_links(self):
        installed = re.search(r"--no-install-recommends \\\n(.*?)\\\n", read(DOCKERFILE), re.DOTALL)[1].split()
        base = {"libc6", "libgcc-s1"}  # of debian:12-slim
        headers = subprocess.run(["objdump", "-p", PROGRAM], capture_output=True, text=True, check=True).stdout
        names = [name for name in re.findall(r"NEEDED\s+(\S+)", headers) if not re.match(r"lib[at]san|libubsan", name)]
        self.assertIn("libssl.so.3", names)
        owners = subprocess.run(["dpkg-query", "-S", *("*/" + name for name in names)], capture_output=True, text=True,
                                check=True).stdout
        for name in names:
            packages = {line.split(":")[0] for line in owners.splitlines() if line.endswith("/" + name)}
            self.assertTrue(packages & (set(installed) | base), f"{name}: {packages}")

    def test_its_command_is_one_that_the_program_takes(self):
        command = json.loads(re.search(r"^CMD (\[.*\])$", read(DOCKERFILE), re.MULTILINE)[1])
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "config.toml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(config(1))
            arguments = ["check" if word == "serve" else word.replace("/etc/arbstr/config.toml", path)
                         for word in command]
            checked = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, env={"ONE_KEY": "sk-1"})
            self.assertEqual(checked.returncode, 0, checked.stderr)
            self.assertIn('listen = "0.0.0.0:8080"', checked.stdout)

    def test_its_health_check_tells_a_healthy_gateway_from_none(self):
        check = json.loads(re.search(r"^HEALTHCHECK .*? CMD (\[.*?\])$", read(DOCKERFILE).replace("\\\n", " "),
                                     re.MULTILINE)[1])
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "config.toml"), "w", encoding="utf-8") as file:
                file.write(config(0))
            service = subprocess.Popen([PROGRAM, "serve"], cwd=directory, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True, env={"ONE_KEY": "sk-1"})
            try:
                self.assertTrue(select.select([service.stdout], [], [], PATIENCE)[0], "it does not say where it listens")
                port = service.stdout.readline().rsplit(":", 1)[1].strip()
                here = [word.replace("/8080", "/" + port) for word in check]
                self.assertEqual(subprocess.run(here, capture_output=True, timeout=PATIENCE).returncode, 0)
            finally:
                service.terminate()
                self.assertEqual(service.wait(PATIENCE), 0)
                service.stdout.close()
            self.assertNotEqual(subprocess.run(here, capture_output=True, timeout=PATIENCE).returncode, 0)


if __name__ == "__main__":
    unittest.main()
