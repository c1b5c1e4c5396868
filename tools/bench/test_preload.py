"""The libraries that are put between a program and the system, at work."""

import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from bench import sqlite_loop
from bench.statements import Statement, from_sqlite_trace
from rig import machine, preload

WRITER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA journal_mode = WAL")
database.execute("CREATE TABLE orders (id BLOB, note TEXT, total INTEGER, rate REAL)")
for number in range(5):
    database.execute("BEGIN")
    database.execute("INSERT INTO orders (id, note, total, rate) VALUES (?1, ?2, ?3, ?4)",
                     [bytes([number]), f"it's {number}\\n", number, None if number else 0.5])
    database.execute("COMMIT")
"""
TIMER = """
import os, sys, time
with open(sys.argv[1], "wb") as file:
    started = time.monotonic()
    os.fdatasync(file.fileno())
    print(time.monotonic() - started)
"""


class Libraries(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)

    def run_python(self, source: str, argument: Path, environment: dict[str, str]) -> str:
        return subprocess.run(
            [sys.executable, "-c", source, str(argument)], capture_output=True, text=True, check=True,
            env=environment).stdout

    def test_a_flush_takes_longer(self):
        seconds = float(self.run_python(TIMER, self.folder / "file", preload.slow_sync(self.folder, 120)))
        self.assertGreaterEqual(seconds, 0.12)
        self.assertGreater(machine.fdatasync_microseconds(self.folder, 3), 0)

    def test_a_trace_runs_again_in_the_plain_loop(self):
        trace = self.folder / "trace"
        self.run_python(WRITER, self.folder / "first", preload.sql_trace(self.folder, trace))
        (statements,) = from_sqlite_trace(trace).values()
        begin, end = sqlite_loop.placing_part(statements)
        self.assertEqual(sum(map(sqlite_loop.is_order, statements[begin:end])), 5)
        sqlite3.connect(self.folder / "second").close()
        (self.folder / "second").touch()
        plan = self.folder / "plan"
        sqlite_loop.write_plan(plan, [*statements, Statement("PRAGMA wal_autocheckpoint = 10")], begin)
        self.assertGreater(sqlite_loop.run(self.folder / "second", plan, self.folder, {}), 0)
        rows = [sqlite3.connect(self.folder / name).execute("SELECT * FROM orders").fetchall()
                for name in ("first", "second")]
        self.assertEqual(rows[0], rows[1])
        self.assertEqual(rows[0][0], (b"\0", "it's 0\n", 0, 0.5))


if __name__ == "__main__":
    unittest.main()
