"""The plain loop: statements of the program, run again against a copy of the database it ran them on."""

import struct
import subprocess
from pathlib import Path

from bench.statements import Statement
from rig import preload

SOURCE = Path(__file__).with_name("sqlite_loop.c")
_SAVE, _RELEASE = "SAVEPOINT", "RELEASE"


def placing_part(statements: list[Statement]) -> tuple[int, int]:
    """Where the transactions that place orders begin and end: the steps worth timing."""
    orders = [index for index, statement in enumerate(statements) if is_order(statement)]
    if not orders:
        raise ValueError("no order was placed on this connection")
    begin = max(index for index in range(orders[0]) if statements[index].verb == "BEGIN")
    end = next(index for index in range(orders[-1], len(statements)) if statements[index].verb == "COMMIT")
    return begin, end + 1


def is_order(statement: Statement) -> bool:
    """Whether it writes an order's row."""
    return statement.sql.startswith("INSERT INTO orders ")


def one_commit_each(statements: list[Statement]) -> list[Statement]:
    """The same statements with every closure in a transaction of its own instead of a savepoint of a shared one."""
    alone: list[Statement] = []
    for transaction in _grouped(statements):
        if not any(statement.verb == _SAVE for statement in transaction):
            alone += transaction
            continue
        begin, commit = transaction[0], transaction[-1]
        depth = 0
        for statement in transaction[1:-1]:
            if statement.verb == _SAVE:
                depth += 1
                alone.append(begin if depth == 1 else statement)
            elif statement.verb == _RELEASE:
                alone.append(commit if depth == 1 else statement)
                depth -= 1
            elif depth:
                alone.append(statement)
    return alone


def only_orders(statements: list[Statement]) -> list[Statement]:
    """The same without the savepoints and transactions in which no order was placed."""
    kept: list[Statement] = []
    for transaction in _grouped(statements):
        inner: list[Statement] = []
        closure: list[Statement] = []
        is_inside = False
        for statement in transaction:
            if statement.verb == _SAVE:
                closure, is_inside = [statement], True
            elif is_inside:
                closure.append(statement)
                if statement.verb == _RELEASE:
                    inner += closure if any(map(is_order, closure)) else []
                    is_inside = False
            else:
                inner.append(statement)
        if any(map(is_order, inner)):
            kept += inner
    return kept


def write_plan(path: Path, statements: list[Statement], first_timed: int) -> None:
    """Writes the steps for `sqlite_loop.c`."""
    numbers: dict[str, int] = {}
    for statement in statements:
        numbers.setdefault(statement.sql, len(numbers))
    with open(path, "wb") as file:
        file.write(struct.pack("<I", len(numbers)))
        for sql in numbers:
            text = sql.encode()
            file.write(struct.pack("<I", len(text)) + text)
        file.write(struct.pack("<II", len(statements), first_timed))
        for statement in statements:
            file.write(struct.pack("<IH", numbers[statement.sql], len(statement.values)))
            file.write(b"".join(map(_packed, statement.values)))


def run(database: Path, plan: Path, folder: Path, environment: dict[str, str]) -> float:
    """Runs the plan; the seconds of its timed part."""
    program = preload.compile_program(SOURCE, folder, ["-lsqlite3"])
    result = subprocess.run(
        [str(program), str(database), str(plan)], capture_output=True, text=True, check=False, timeout=300,
        env=environment)
    if result.returncode != 0:
        raise RuntimeError(f"the plain loop failed: {result.stderr}")
    return float(result.stdout)


def _grouped(statements: list[Statement]):
    group: list[Statement] = []
    for statement in statements:
        group.append(statement)
        if statement.verb == "COMMIT" or (statement.verb == "ROLLBACK" and not _is_partial(statement)):
            yield group
            group = []
    if group:
        yield group


def _is_partial(statement: Statement) -> bool:
    """Whether it rolls back to a savepoint only."""
    return statement.verb == "ROLLBACK" and "TO" in statement.sql.upper().split()


def _packed(value) -> bytes:
    match value:
        case None:
            return b"\0"
        case bool() | int():
            return b"\1" + struct.pack("<q", value)
        case float():
            return b"\2" + struct.pack("<d", value)
        case str():
            text = value.encode()
            return b"\3" + struct.pack("<I", len(text)) + text
        case bytes():
            return b"\4" + struct.pack("<I", len(value)) + value
    raise TypeError(f"{value!r} is no value")
