"""Importing 100,000 products: how fast, in how much memory, and what it costs those who place orders meanwhile; and
files that mean harm."""

import random
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench import catalogue, placing, shelf
from bench.bench import Bench
from bench.outcome import Outcome, alternate, median
from rig import processes
from rig.installation import Installation

CLIENTS = 32
_FAST = 2000
_MOST_MEGABYTES = 150
# Bytes of the longest line, and of other things that have no end.
_LONG_LINE = 1_000_000_000
_LONG = 100_000_000


@dataclass
class Run:
    """A run of the command line."""

    status: int
    seconds: float
    peak: float
    # Megabytes in memory, ten times a second.
    resident: list[float] = field(default_factory=list)


def measure(bench: Bench, engine: str) -> list[Outcome]:
    """The rate and the memory of an import, then orders beside one."""
    file = catalogue.write(bench.folder / "products.csv", range(catalogue.PRODUCTS))
    bench.say(f"{catalogue.PRODUCTS:,} products, {file.stat().st_size / 1e6:.0f} MB")
    with bench.cluster_for(engine) as cluster:
        with bench.install(engine, cluster, "alone") as installation:
            outcomes = _alone(installation, file, engine)
            installation.remove()
        with bench.install(engine, cluster, "beside") as installation:
            outcomes.append(_beside(bench, installation, file))
            installation.remove()
    return outcomes


def hostile(bench: Bench, engine: str) -> list[Outcome]:
    """Files that mean harm; a gigabyte takes some minutes."""
    with bench.installed(engine) as installation:
        return [_hostile(bench, installation)]


def _alone(installation: Installation, file: Path, engine: str) -> list[Outcome]:
    installation.create()
    seen = run(installation, file)
    if seen.status != 0 or installation.number("SELECT COUNT(*) FROM products") != catalogue.PRODUCTS:
        raise RuntimeError(f"the import ended with {seen.status}")
    rate = catalogue.PRODUCTS / seen.seconds
    early, late = seen.resident[len(seen.resident) // 5], max(seen.resident[-len(seen.resident) // 5:])
    return [
        Outcome(f"importing {catalogue.PRODUCTS:,} products", engine, round(rate), "products/s",
                f"at least {_FAST:,}" if engine == "sqlite" else "none", engine != "sqlite" or rate >= _FAST,
                notes=[f"{seen.seconds:.1f} s from the command's start to its end"]),
        Outcome("memory of the import: growth over its last four fifths", engine, round(late - early, 1), "MB",
                "at most 30 MB, and 150 MB in all", late - early <= 30 and seen.peak <= _MOST_MEGABYTES,
                notes=[f"{early:.0f} MB after a fifth, at most {late:.0f} MB in the last fifth, {seen.peak:.0f} MB at "
                       "the highest"]),
    ]


def run(installation: Installation, file: Path) -> Run:
    """Imports a file from the command line."""
    store, started = installation.shop.id, time.monotonic()
    with open(installation.folder / "import.log", "wb") as log:
        process = subprocess.Popen(
            [str(installation.program.path), "import", "products", str(file), "--store", store, "--json"],
            env=installation.program.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            cwd=installation.folder)
        resident, peak = [], 0.0
        try:
            while process.poll() is None:
                try:
                    peak = max(peak, processes.peak_megabytes(process.pid))
                    resident.append(processes.resident_megabytes(process.pid))
                except (OSError, RuntimeError, ValueError):
                    break  # it has just ended
                time.sleep(0.1)
            status = process.wait(1200)
        finally:
            processes.stop(process)
    return Run(status, time.monotonic() - started, peak, resident)


def _beside(bench: Bench, installation: Installation, file: Path) -> Outcome:
    """Orders placed while the server imports, and while it does not, in turn: each round is a file of its own."""
    made = placing.stock(installation)
    rounds = max(3, bench.rounds - 2)
    most = round(placing.MOST_PER_SECOND / 2 * bench.seconds)
    count = most * 2 * rounds + placing.WARM_UP
    shelf.prepare(installation, made, count)
    server = installation.serve()
    worker = installation.work()
    buyers = placing.Buyers(bench, installation, server, 1, count)
    buyers.place(CLIENTS, 2, placing.WARM_UP)
    imported: list[int] = []

    def alone(_round: int) -> float:
        return buyers.place(CLIENTS, bench.seconds, most).per_second

    def beside(number: int) -> float:
        part = catalogue.write(bench.folder / f"part-{number}.csv", range(number * 20_000, (number + 1) * 20_000))
        before = installation.number("SELECT COUNT(*) FROM products")
        # Starts the import and goes; the server, or its worker, goes on with it.
        command = subprocess.Popen(
            [str(installation.program.path), "import", "products", str(part), "--store", installation.shop.id],
            env=installation.program.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, cwd=installation.folder)
        while installation.number("SELECT COUNT(*) FROM products") <= before:
            time.sleep(0.02)
        seen = buyers.place(CLIENTS, bench.seconds, most)
        if command.poll() is not None:
            raise RuntimeError("the import was over before the orders were")
        imported.append(installation.number("SELECT COUNT(*) FROM products") - before)
        command.wait(600)
        return seen.per_second

    quiet, busy = alternate(rounds, alone, beside)
    if worker:
        worker.stop()
    ratio = median(quiet) / median(busy)
    return Outcome(
        f"placing orders while products are imported, {CLIENTS} clients: how much slower", installation.engine,
        round(ratio, 2), "x", "at most 1.5 x", ratio <= 1.5, reference=median(quiet),
        reference_is="orders a second while nothing is imported", samples={"alone": quiet, "beside": busy},
        notes=[f"meanwhile the import brought in {median(imported) / bench.seconds:,.0f} products/s"])


def _hostile(bench: Bench, installation: Installation) -> Outcome:
    """Files that mean harm, each of them imported by the command line."""
    installation.create()
    pick = random.Random(catalogue.SEED)
    files = {
        "a line of a gigabyte": _long(bench.folder / "line.csv", b"", b"x", _LONG_LINE),
        "a quote that is never closed": _long(bench.folder / "cell.csv", b'product-1,"', b"x\n", _LONG),
        "commas without end": _long(bench.folder / "commas.csv", b"product-1", b",", _LONG),
        "noise": _written(bench.folder / "noise.csv", pick.randbytes(8_000_000)),
        "UTF-16": _written(bench.folder / "utf16.csv", ",".join(catalogue.COLUMNS).encode("utf-16") * 10_000),
    }
    peaks = {}
    for name, file in files.items():
        seen = run(installation, file)
        if seen.status not in (0, 1, 2):
            raise RuntimeError(f"{name}: the command ended with {seen.status}")
        peaks[name] = seen.peak
        file.unlink()
    worst = max(peaks.values())
    return Outcome(
        "memory of importing hostile files (the highest RSS)", installation.engine, round(worst, 1), "MB",
        f"under {_MOST_MEGABYTES} MB", worst < _MOST_MEGABYTES,
        notes=[", ".join(f"{name} {peak:.0f} MB" for name, peak in peaks.items())])


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _long(path: Path, begins: bytes, piece: bytes, size: int) -> Path:
    """A header, and behind it one record of that many bytes."""
    block = piece * (1_000_000 // len(piece))
    with open(path, "wb") as file:
        file.write(",".join(catalogue.COLUMNS).encode() + b"\n" + begins)
        for _ in range(size // len(block)):
            file.write(block)
    return path
