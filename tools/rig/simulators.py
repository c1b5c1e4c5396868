"""The simulators of outside systems, as a process of their own."""

import http.client
import json
import re
import subprocess
import time
from pathlib import Path
from urllib.parse import urlparse

from rig import processes

KEY = "sk_test_measured"
SECRET = "whsec_measured"


class Simulators:
    """A running `shipshape simulators` on free ports: Stripe, the mailbox's page and its mail server."""

    def __init__(self, program: Path, folder: Path):
        self.program = program
        self.port = self.mailbox_port = self.smtp_port = 0
        self.log = folder / f"simulators-{time.monotonic_ns()}.log"
        self.process: subprocess.Popen | None = None

    @property
    def settings(self) -> dict[str, str]:
        """What leads an installation to them."""
        return {
            "SHIPSHAPE_STRIPE_SECRET_KEY": KEY, "SHIPSHAPE_STRIPE_WEBHOOK_SECRET": SECRET,
            "SHIPSHAPE_STRIPE_API_BASE": f"http://127.0.0.1:{self.port}",
            "SHIPSHAPE_SMTP_URL": f"smtp+insecure://127.0.0.1:{self.smtp_port}",
            "SHIPSHAPE_SMTP_FROM": "shop@example.com",
        }

    def session(self, redirect: str) -> dict:
        """The Checkout Session that is paid at an address."""
        name = urlparse(redirect).path.rstrip("/").split("/")[-1]
        return self.get(f"/v1/checkout/sessions/{name}")

    def send_webhooks_to(self, url: str) -> None:
        """Has every event sent there, signed with `SECRET`."""
        self._call(self.port, "POST", "/_webhooks", {"url": url, "secret": SECRET})

    def mails(self) -> list[dict]:
        """What is in the mailbox."""
        return self._call(self.mailbox_port, "GET", "/api/messages")["data"]

    def get(self, path: str) -> dict:
        """Asks the simulated Stripe."""
        return self._call(self.port, "GET", path)

    def _call(self, port: int, method: str, path: str, body: dict | None = None) -> dict:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"the simulator answers {response.status} to {path}: {answer}")
        return answer

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [str(self.program), "simulators", "--port", "0"], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, cwd=self.log.parent)
        deadline = time.monotonic() + 120
        while not (ports := re.findall(r"://[^:\s]+:(\d+)$", self.log.read_text(errors="replace"), re.MULTILINE))[2:]:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the simulators did not start: {self.log.read_text(errors='replace')[-1000:]}")
            time.sleep(0.02)
        self.port, self.mailbox_port, self.smtp_port = map(int, ports)
        return self

    def __exit__(self, *_):
        processes.stop(self.process)
