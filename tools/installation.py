"""An installation of the program for a tool's own use: a database, a store with keys, and a running server."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Installation:
    """The built program on one database. Settings in the caller's environment do not reach it."""

    def __init__(self, program, database_url, log_path):
        self.program = program
        self.log_path = log_path
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("SHIPSHAPE_")}
        self.environment["SHIPSHAPE_DATABASE_URL"] = database_url

    def run(self, *arguments):
        """Runs a verb and returns what it printed; a failure ends the tool with the verb's own sentence."""
        finished = subprocess.run([self.program, *arguments], env=self.environment, capture_output=True, text=True)
        if finished.returncode != 0:
            raise SystemExit(f"shipshape {' '.join(arguments)}: {finished.stderr.strip()}")
        return finished.stdout

    def make_store(self, currency="USD"):
        """Migrates the database and returns the id of a new store with a secret and a publishable key."""
        self.run("migrate")
        store = json.loads(self.run("stores", "create", "--name", "Tools", "--currency", currency, "--json"))["id"]
        keys = {}
        for kind in ("secret", "publishable"):
            made = self.run("keys", "create", "--store", store, "--name", "tools", f"--{kind}", "--json")
            keys[kind] = json.loads(made)["key"]
        return store, keys["secret"], keys["publishable"]

    @contextlib.contextmanager
    def serving(self, timeout_seconds=30):
        """Serves while the block runs; yields the address and the process. The server must then end by itself."""
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        with open(self.log_path, "ab") as log:
            process = subprocess.Popen(
                [self.program, "serve", "--host", "127.0.0.1", "--port", str(port)],
                env=self.environment, stdout=log, stderr=log)
        try:
            wait_until_ready(address, process, timeout_seconds)
            yield address, process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(40)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def wait_until_ready(address, process, timeout_seconds):
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"The server ended by itself with status {process.returncode}.")
        with contextlib.suppress(urllib.error.URLError, OSError):
            with urllib.request.urlopen(f"{address}/health/ready", timeout=5) as answer:
                if answer.status == 200:
                    return
        time.sleep(0.02)
    raise SystemExit(f"The server was not ready after {timeout_seconds} seconds.")


def resident_bytes(process):
    """The process's resident memory now, and at its peak."""
    sizes = {}
    with open(f"/proc/{process.pid}/status") as status:
        for line in status:
            name, _, value = line.partition(":")
            if name in ("VmRSS", "VmHWM"):
                sizes[name] = int(value.split()[0]) * 1024
    return sizes["VmRSS"], sizes["VmHWM"]


def request(address, method, path, body=None, headers=None):
    """Sends a JSON request and returns the status and the decoded answer."""
    data = None if body is None else json.dumps(body).encode()
    sent = urllib.request.Request(address + path, data=data, method=method, headers=dict(headers or {}))
    if data is not None:
        sent.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(sent, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.loads(refusal.read() or b"null")
