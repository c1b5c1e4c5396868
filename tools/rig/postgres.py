"""A PostgreSQL server of one's own."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from rig import processes
from rig.ports import free_port

PROGRAMS = Path("/usr/lib/postgresql/15/bin")

# Durable, as the bars demand. The log is CSV so that statements can be read back from it.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_sync_method": "fdatasync",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "logging_collector": "on",
    "log_destination": "csvlog",
    "log_directory": "log",
    "log_filename": "server.log",
    "log_rotation_age": "0",
    "log_rotation_size": "0",
    "log_parameter_max_length": "-1",
}


class PostgresError(RuntimeError):
    """What PostgreSQL or its tools said."""


class Cluster:
    """A PostgreSQL server in a folder of its own, on a free port of 127.0.0.1; durable unless told otherwise."""

    def __init__(
        self, folder: Path, environment: dict[str, str] | None = None, settings: dict[str, str] | None = None
    ):
        """`environment` is given to the server's processes, for preloaded libraries; `settings` override the usual."""
        if not (PROGRAMS / "initdb").exists():
            raise PostgresError("PostgreSQL 15 is not installed: run bin/setup test.")
        self.folder = folder
        self.data = folder / "data"
        self.environment = environment or {}
        self.settings = {**SETTINGS, **(settings or {})}
        self.port = 0
        folder.mkdir(parents=True, exist_ok=True)
        # PostgreSQL refuses to run as root.
        self._as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as_owner:
            shutil.chown(folder, "postgres", "postgres")
        self._run(
            [PROGRAMS / "initdb", f"--pgdata={self.data}", "--username=postgres", "--auth=trust",
             "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])

    def start(self) -> None:
        """Starts the server, on the port it had before if it ran before."""
        message = ""
        for _ in range(20):
            port = self.port or free_port()
            options = " ".join(f"-c {name}='{value}'" for name, value in {**self.settings, "port": str(port)}.items())
            try:
                self._run(
                    [PROGRAMS / "pg_ctl", "start", f"--pgdata={self.data}", f"--log={self.folder}/startup.log",
                     "--wait", "--silent", f"--options={options}"], environment=self.environment)
            except PostgresError as error:
                # The port was taken meanwhile, or processes of a killed server are still ending.
                message = str(error)
                time.sleep(0.25)
            else:
                self.port = port
                return
        raise PostgresError(f"PostgreSQL did not start: {message}")

    def stop(self) -> None:
        """Ends the server without ceremony; what was committed stays."""
        if self.pid() is not None:
            try:
                self._run([PROGRAMS / "pg_ctl", "stop", f"--pgdata={self.data}", "--mode=immediate", "--silent"])
            except PostgresError:
                self.kill()

    def restart(self, environment: dict[str, str]) -> None:
        """Shuts the server down in an orderly way, so that nothing has to be recovered, and starts it again."""
        self._run([PROGRAMS / "pg_ctl", "stop", f"--pgdata={self.data}", "--mode=fast", "--silent"])
        self.environment = environment
        self.start()

    def kill(self) -> None:
        """Ends the server and all its processes at once, as a crash does."""
        pid = self.pid()
        if pid is None:
            return
        # The first one goes first: it would restart the others.
        doomed = [pid, *processes.children(pid)]
        for process in doomed:
            processes.kill(process)
        processes.wait_until(lambda: not any(Path(f"/proc/{process}").exists() for process in doomed), 10)

    def pid(self) -> int | None:
        """The server's first process; None when it does not run."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n")[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return pid if str(self.data).encode() in command else None

    def url(self, database: str) -> str:
        """Where a database is, as the program takes it."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def sql(self, database: str, text: str) -> list[list[str | None]]:
        """Runs statements; the rows of the last one as text, NULL as None."""
        output = self._run(
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-F", "\x1f", "-R", "\x1e",
             "-P", "null=\x1d", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database, "-f", "-"],
            standard_input=text, as_owner=False)
        output = output.removesuffix("\n").removesuffix("\x1e")
        if not output:
            return []
        return [[None if cell == "\x1d" else cell for cell in row.split("\x1f")] for row in output.split("\x1e")]

    def copy(self, database: str, table: str, columns: list[str], lines: str) -> None:
        """Puts rows in PostgreSQL's text format into a table."""
        names = ", ".join(f'"{column}"' for column in columns)
        self.sql(database, f"COPY {table} ({names}) FROM STDIN;\n{lines}\\.\n")

    def create_database(self, name: str, template: str | None = None) -> None:
        """Makes a database, empty or as another one is; nobody may be connected to that one."""
        suffix = f" TEMPLATE {template}" if template else ""
        self.sql("postgres", f"CREATE DATABASE {name}{suffix}")

    def drop_database(self, name: str) -> None:
        """Removes a database, whoever is connected."""
        self.sql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def log(self) -> Path:
        """The server's log, in CSV."""
        return self.data / "log" / "server.csv"

    def version(self) -> str:
        """Such as `15.13`."""
        return self._run([PROGRAMS / "postgres", "--version"], as_owner=False).split()[2]

    def _run(
        self, command: list, environment: dict[str, str] | None = None, standard_input: str | None = None,
        as_owner: bool = True,
    ) -> str:
        prefix = self._as_owner if as_owner else []
        if environment:
            prefix = [*prefix, "env", *(f"{name}={value}" for name, value in environment.items())]
        # A file, not a pipe: the server keeps what it is given open for as long as it runs.
        with open(self.folder / "output", "w+", encoding="utf-8") as errors:
            result = subprocess.run(
                [*prefix, *map(str, command)], cwd=self.folder, input=standard_input, text=True, check=False,
                stdin=subprocess.DEVNULL if standard_input is None else None,
                stdout=errors if as_owner else subprocess.PIPE, stderr=errors)
            errors.seek(0)
            if result.returncode != 0:
                raise PostgresError(errors.read().strip()[-2000:] or f"{command[0]} failed")
            return result.stdout or ""
