"""An installation of the program for the time of a measurement: a database, a store, its keys."""

import contextlib
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rig import preload
from rig.api import Client
from rig.postgres import Cluster
from rig.program import Program, Server

ENGINES = ("sqlite", "postgres")


@dataclass(frozen=True)
class Shop:
    """A store and the keys to it."""

    id: str
    publishable: str
    secret: str

    def buyer(self, port: int, timeout_seconds: float = 60) -> Client:
        """A caller with the publishable key."""
        return Client(port, publishable=self.publishable, timeout_seconds=timeout_seconds)

    def staff(self, port: int, timeout_seconds: float = 60) -> Client:
        """A caller with the secret key."""
        return Client(port, secret=self.secret, timeout_seconds=timeout_seconds)


@contextlib.contextmanager
def temporary_folder():
    """A folder that everybody may enter, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="shipshape-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Installation:
    """A migrated database of its own, and the program on it. Everything is stopped and removed at the end."""

    def __init__(
        self, program: Path, engine: str, folder: Path, cluster: Cluster | None = None, database: str = "shop",
        slow_sync_milliseconds: float = 0,
    ):
        """`cluster` is the PostgreSQL server; flushes are slowed in the process that writes to the disk."""
        self.engine = engine
        self.folder = folder
        self.cluster = cluster
        self.database = database
        self.slow = preload.slow_sync(folder, slow_sync_milliseconds) if slow_sync_milliseconds else {}
        if engine == "sqlite":
            url = f"sqlite:{folder / database}.sqlite"
        else:
            url = cluster.url(database)
        self.program = Program(program, url, folder)
        self.shop: Shop | None = None
        self._running = contextlib.ExitStack()

    def create(self, currency: str = "GBP") -> Shop:
        """Makes the database and opens a store in it."""
        if self.engine == "postgres":
            self.cluster.create_database(self.database)
        self.program.run("migrate")
        store = self.program.run_json("stores", "create", "--name", "Measured", "--currency", currency)["id"]
        keys = {
            kind: self.program.run_json("keys", "create", "--store", store, "--name", kind, f"--{kind}")["key"]
            for kind in ("publishable", "secret")
        }
        self.shop = Shop(store, keys["publishable"], keys["secret"])
        return self.shop

    def serve(self) -> Server:
        """Starts a server, stopped at the end at the latest."""
        environment = self.slow if self.engine == "sqlite" else {}
        return self._running.enter_context(self.program.serve(environment))

    def work(self):
        """Starts a worker on PostgreSQL; on SQLite the server works. None then."""
        return None if self.engine == "sqlite" else self._running.enter_context(self.program.work())

    def rows(self, statement: str) -> list[list]:
        """Asks the database itself: rows of text on PostgreSQL, of values on SQLite."""
        if self.engine == "postgres":
            return self.cluster.sql(self.database, statement)
        with contextlib.closing(sqlite3.connect(f"file:{self.sqlite_file}?mode=ro", uri=True, timeout=30)) as reader:
            return [list(row) for row in reader.execute(statement)]

    def number(self, statement: str) -> int:
        """Asks the database for one integer."""
        return int(self.rows(statement)[0][0])

    @property
    def sqlite_file(self) -> Path:
        """The database file."""
        return self.folder / f"{self.database}.sqlite"

    def stop(self) -> None:
        """Stops the servers and workers."""
        self._running.close()

    def remove(self) -> None:
        """Stops everything and removes the database."""
        self.stop()
        if self.engine == "postgres":
            self.cluster.drop_database(self.database)
        else:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self.sqlite_file}{suffix}").unlink(missing_ok=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
