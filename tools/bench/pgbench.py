"""pgbench, running the program's own statements."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench import pattern
from bench.statements import Statement
from rig.postgres import Cluster

# Identifiers that are counted up, as SQL. `order` is the number of the order, from 1; the places below it leave room
# for several identifiers of one order.
ROOM = 64


@dataclass
class Script:
    """A pgbench script and the values it is given."""

    text: str
    variables: dict[str, str]


def numbered(number: str) -> str:
    """SQL for the identifier that has this number; a later one is greater."""
    return f"lpad(to_hex({number}), 32, '0')::uuid"


def script(statements: list[Statement], specs: list[pattern.Spec], known: dict[str, str], preamble: str) -> Script:
    """Turns the statements of one order into a script for many.

    `specs` has one entry for each value of all statements; `known` has SQL for the identifiers that were there
    before, in terms of what `preamble` sets. `:order` is unique to each transaction of all clients.
    """
    constants: dict[str, str] = {}
    rest = iter(specs)
    lines = [r"\set step :step + 1", r"\set order :first + :step * :clients + :client_id", preamble.strip()]
    for statement in statements:
        expressions = [_expression(next(rest), constants, known) for _ in statement.values]
        sql = re.sub(r"\$(\d+)", lambda match, found=expressions: found[int(match.group(1)) - 1], statement.sql)
        lines.append(sql.strip().rstrip(";") + ";")
    if next(rest, None) is not None:
        raise ValueError("there are more values than the statements have")
    return Script("\n".join(lines) + "\n", {name: value for value, name in constants.items()})


def run(
    cluster: Cluster, database: str, prepared: Script, folder: Path, clients: int, seconds: float, first: int
) -> tuple[float, int]:
    """Runs it for so long; transactions a second, and the number of transactions."""
    file = folder / "pgbench.sql"
    file.write_text(prepared.text)
    variables = {**prepared.variables, "step": "-1", "first": str(first), "clients": str(clients)}
    command = [
        "pgbench", "--no-vacuum", "--protocol=prepared", f"--client={clients}", f"--jobs={min(2, clients)}",
        f"--time={max(1, round(seconds))}", f"--file={file}", "--host=127.0.0.1", f"--port={cluster.port}",
        "--username=postgres", *(f"--define={name}={value}" for name, value in variables.items()), database]
    result = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=seconds + 90, cwd=folder,
        env={**os.environ, "LC_ALL": "C"})
    rate = re.search(r"^tps = ([0-9.]+)", result.stdout, re.MULTILINE)
    count = re.search(r"actually processed: (\d+)", result.stdout)
    failed = re.search(r"number of failed transactions: (\d+)", result.stdout)
    if result.returncode != 0 or not rate or not count or (failed and int(failed.group(1))):
        raise RuntimeError(f"pgbench failed: {result.stderr[-3000:]} {result.stdout[-1000:]}")
    return float(rate.group(1)), int(count.group(1))


def _expression(spec: pattern.Spec, constants: dict[str, str], known: dict[str, str]) -> str:
    match spec:
        case pattern.Constant(None):
            return "NULL"
        case pattern.Constant(value):
            return _constant(value, constants)
        case pattern.Moment(value):
            return _constant(str(value), constants)
        case pattern.Known(name):
            return known[name]
        case pattern.Fresh(index):
            if index >= ROOM:
                raise ValueError("an order makes more identifiers than there is room for")
            return numbered(f":order::bigint * {ROOM} + {index}")
        case pattern.Serial():
            return "(:order::bigint + 1000000)"
        case pattern.Digest(length):
            return f"substring(sha256(int8send(:order::bigint)) for {length})"
        case pattern.Text(pieces):
            parts = ["lpad(:order::text, 26, '0')" if piece is None else f"{_constant(piece, constants)}::text"
                     for piece in pieces if piece != ""]
            return "(" + " || ".join(parts) + ")"
    raise TypeError(f"{spec} is not a spec")


def _constant(value: str, constants: dict[str, str]) -> str:
    if not value:
        # pgbench has no empty variables.
        return "''"
    return ":" + constants.setdefault(value, f"value_{len(constants)}")
