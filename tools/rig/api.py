"""A caller of the HTTP API on one kept-alive connection."""

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any


class Unanswered(Exception):
    """No whole answer came: the connection was refused, lost, or too slow. What became of the request is unknown."""


@dataclass
class Answer:
    """A whole answer."""

    status: int
    headers: http.client.HTTPMessage
    data: bytes
    seconds: float

    @property
    def body(self) -> Any:
        """The JSON it holds; None when it holds none."""
        try:
            return json.loads(self.data)
        except ValueError:
            return None

    @property
    def code(self) -> str:
        """The problem's code; empty when it is none."""
        body = self.body
        return body.get("code", "") if isinstance(body, dict) else ""

    def __str__(self) -> str:
        return f"{self.status} {self.data[:600].decode(errors='replace')}"


class UnexpectedAnswer(RuntimeError):
    """An answer that the measurement cannot go on with."""


class Client:
    """Calls one server, one request at a time. Not for several threads at once."""

    def __init__(
        self, port: int, publishable: str | None = None, secret: str | None = None, timeout_seconds: float = 60
    ):
        self.port = port
        self.publishable = publishable
        self.secret = secret
        self.timeout_seconds = timeout_seconds
        self.order_token: str | None = None
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """GET."""
        return self.call("GET", path)

    def call(self, method: str, path: str, body: Any = None, key: str | None = None) -> Answer:
        """Sends a request; `body` travels as JSON and `key` as Idempotency-Key. Raises Unanswered."""
        headers = {"Accept": "application/json"}
        if self.publishable:
            headers["Shipshape-Key"] = self.publishable
        if self.secret:
            headers["Authorization"] = f"Bearer {self.secret}"
        if self.order_token:
            headers["Order-Token"] = self.order_token
        if key:
            headers["Idempotency-Key"] = key
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        started = time.monotonic()
        try:
            self.connect()
            self._connection.request(method, path, data, headers)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unanswered(f"{method} {path}: {error!r}") from error
        if response.will_close:
            self.close()
        return Answer(response.status, response.headers, content, time.monotonic() - started)

    def expect(self, status: int, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
        """As `call`, for the answer that everything else depends on; returns its JSON."""
        answer = self.call(method, path, body, key)
        if answer.status != status:
            raise UnexpectedAnswer(f"{method} {path} was answered with {answer}")
        return answer.body

    def pages(self, path: str):
        """All items of a list, page by page."""
        separator = "&" if "?" in path else "?"
        cursor = ""
        while True:
            page = self.expect(200, "GET", f"{path}{separator}limit=100{cursor}")
            yield from page["data"]
            if page["next_cursor"] is None:
                return
            cursor = f"&cursor={page['next_cursor']}"

    def connect(self) -> None:
        """Opens the connection ahead of the first request."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout_seconds)
            self._connection.connect()

    def close(self) -> None:
        """Closes the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
