"""The program under test: its verbs, and the servers and workers it becomes."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

from rig import processes
from rig.api import Client, Unanswered
from rig.ports import free_port


class ProgramError(RuntimeError):
    """What the program said when it failed."""


class Program:
    """The built program and the database it works on."""

    def __init__(self, path: Path, database_url: str, folder: Path, environment: dict[str, str] | None = None):
        """`folder` takes the logs; `environment` is added to the little that every run is given."""
        self.path = path
        self.database_url = database_url
        self.folder = folder
        self.environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": os.environ.get("HOME", "/"),
            "LANG": "C.UTF-8",
            "SHIPSHAPE_DATABASE_URL": database_url,
            **{name: value for name, value in os.environ.items() if name in ("LD_LIBRARY_PATH", "TMPDIR")},
            **(environment or {}),
        }

    def run(self, *arguments: str, accepts: tuple[int, ...] = (0,), within_seconds: float = 120) -> str:
        """Runs a verb and returns what it printed."""
        result = subprocess.run(
            [str(self.path), *arguments], env=self.environment, capture_output=True, text=True, check=False,
            timeout=within_seconds, cwd=self.folder)
        if result.returncode not in accepts:
            raise ProgramError(
                f"shipshape {' '.join(arguments)} ended with {result.returncode}: {result.stderr.strip()[-2000:]}")
        return result.stdout

    def run_json(self, *arguments: str, accepts: tuple[int, ...] = (0,)) -> dict:
        """Runs a verb with `--json` and reads its answer."""
        output = self.run(*arguments, "--json", accepts=accepts)
        try:
            return json.loads(output)
        except json.JSONDecodeError as error:
            raise ProgramError(f"shipshape {' '.join(arguments)} --json printed no JSON: {output[:500]}") from error

    def serve(self, environment: dict[str, str] | None = None, path: Path | None = None) -> "Server":
        """Starts a server on a free port and waits until it is ready."""
        return Server(self, environment or {}, path or self.path)

    def work(self) -> "Worker":
        """Starts a worker."""
        return Worker(self)


class Running:
    """A process of the program that runs until it is stopped or killed."""

    def __init__(self, program: Program, name: str):
        self.program = program
        self.log = program.folder / f"{name}-{time.monotonic_ns()}.log"
        self.process: subprocess.Popen | None = None

    def _spawn(self, command: list[str], environment: dict[str, str]) -> None:
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command, env={**self.program.environment, **environment}, cwd=self.program.folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self.process.pid

    @property
    def is_running(self) -> bool:
        """Whether the process has not ended."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """Ends it as `kill -9` does."""
        processes.kill(self.process.pid)
        self.process.wait()

    def stop(self) -> None:
        """Ends it as an operator does."""
        if self.process is not None:
            processes.stop(self.process)

    def tail(self) -> str:
        """The last words of its log."""
        try:
            return self.log.read_text(errors="replace")[-2000:].strip()
        except OSError:
            return ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Server(Running):
    """A running `shipshape serve`."""

    def __init__(self, program: Program, environment: dict[str, str], path: Path):
        super().__init__(program, "serve")
        self.path = path
        self.extra_environment = environment
        self.port = free_port()
        self.start()

    def start(self, within_seconds: float = 30) -> float:
        """Starts it, on the port it had before; returns the seconds until it was ready."""
        for attempt in range(5):
            started = time.monotonic()
            self.launch()
            while time.monotonic() - started < within_seconds and self.is_running:
                if self.answers("/health/ready"):
                    return time.monotonic() - started
                time.sleep(0.005)
            if self.is_running:
                self.kill()
                raise ProgramError(f"The server was not ready within {within_seconds} s: {self.tail()}")
            if attempt < 4:
                # Another process may have the port by now.
                self.port = free_port()
        raise ProgramError(f"The server ended with {self.process.returncode}: {self.tail()}")

    def launch(self) -> None:
        """Starts the process and does not wait for it."""
        self._spawn([str(self.path), "serve", "--host", "127.0.0.1", "--port", str(self.port)], self.extra_environment)

    def answers(self, path: str) -> bool:
        """Whether a GET is answered with 200."""
        try:
            with Client(self.port, timeout_seconds=5) as client:
                return client.get(path).status == 200
        except Unanswered:
            return False

    @property
    def address(self) -> str:
        """Such as `http://127.0.0.1:8080`."""
        return f"http://127.0.0.1:{self.port}"


class Worker(Running):
    """A running `shipshape work`."""

    def __init__(self, program: Program):
        super().__init__(program, "work")
        self.start()

    def start(self) -> None:
        """Starts it; it works as soon as it is up."""
        self._spawn([str(self.program.path), "work"], {})


def interruptible() -> None:
    """Makes SIGTERM and SIGHUP unwind like Ctrl-C, so that whatever was started is stopped."""

    def interrupt(*_):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
