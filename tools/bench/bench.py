"""What every measurement is given: the program, where to put things, how long to take."""

import contextlib
import sys
from dataclasses import dataclass, field
from pathlib import Path

from rig import installation
from rig.postgres import Cluster


@dataclass
class Bench:
    """A run of measurements."""

    program: Path
    folder: Path
    rounds: int = 5
    seconds: float = 5
    arguments: list[str] = field(default_factory=list)

    @property
    def reference_program(self) -> Path:
        """The measuring program that is built beside the product."""
        path = self.program.parent / "bench-reference"
        if not path.exists():
            raise FileNotFoundError(f"{path} is missing: swift build -c release --product bench-reference")
        return path

    def cluster(self, environment: dict[str, str] | None = None) -> Cluster:
        """A PostgreSQL server for one measurement; the caller stops it."""
        cluster = Cluster(self.folder / "postgres", environment)
        cluster.start()
        return cluster

    @contextlib.contextmanager
    def cluster_for(self, engine: str):
        """As `cluster`, stopped at the end; None on SQLite, which needs none."""
        if engine != "postgres":
            yield None
            return
        cluster = self.cluster()
        try:
            yield cluster
        finally:
            cluster.stop()

    @contextlib.contextmanager
    def installed(self, engine: str):
        """An empty installation, with a PostgreSQL server of its own where the engine needs one."""
        with self.cluster_for(engine) as cluster, self.install(engine, cluster) as installed:
            yield installed

    def install(
        self, engine: str, cluster: Cluster | None = None, database: str = "shop", slow_sync_milliseconds: float = 0
    ) -> installation.Installation:
        """An empty installation."""
        return installation.Installation(
            self.program, engine, self.folder, cluster, database, slow_sync_milliseconds)

    def say(self, text: str) -> None:
        """Tells whoever watches."""
        print(f"        {text}", file=sys.stderr, flush=True)
