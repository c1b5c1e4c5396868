"""Gives a shop a long past: a million delivered orders, copied from a few that went through the API.

Whatever tables an order leaves rows in, those rows are found by the order's identifier, compared between the sample
orders (see `pattern`), and multiplied inside the database. Idempotency keys are left out: they are kept for days, not
for ever.
"""

import contextlib
import re
import sqlite3
import uuid
from dataclasses import dataclass

from bench import pattern, shelf
from bench.pgbench import ROOM, numbered
from rig import identifiers
from rig.installation import Installation

SAMPLES = 3
_LEFT_OUT = ("idempotency_keys",)
# There a trigger places each event that is appended.
_LEFT_OUT_ON_SQLITE = ("event_positions",)
# Between two orders of the past, in microseconds: a million fit into a day, so that no finished job is pruned yet.
_SPACING = 50_000


@dataclass
class _Rows:
    """The rows that one order left in a table, each as the text PostgreSQL prints."""

    table: str
    columns: list[str]
    types: list[str]
    rows: list[list[str | None]]


def add(installation: Installation, orders: list[dict], count: int) -> None:
    """Multiplies the sample orders, as the API answered them; `count` more afterwards. No server may run."""
    found = [_rows_of(installation, order) for order in orders]
    tables = [rows.table for rows in found[0]]
    for other in found[1:]:
        if [(rows.table, len(rows.rows)) for rows in other] != [(rows.table, len(rows.rows)) for rows in found[0]]:
            raise pattern.PatternError("the sample orders did not leave the same rows")
    specs = iter(pattern.infer([
        pattern.Sample(
            [value for rows in order_rows for row in rows.rows for value in row],
            {f"variant{index}": identifiers.decode(line["variant_id"]) for index, line in enumerate(order["lines"])},
            [order["number"]])
        for order, order_rows in zip(orders, found, strict=True)]))
    for position, table in enumerate(tables):
        rows = found[0][position]
        for number in range(len(rows.rows)):
            _multiply(installation, rows, number, [next(specs) for _ in rows.columns], count)
    _settle(installation, count)


def _rows_of(installation: Installation, order: dict) -> list[_Rows]:
    """Every row that names the order."""
    identifier = identifiers.decode(order["id"])
    found = []
    for table, columns, types in _tables(installation):
        if table in _LEFT_OUT or installation.engine == "sqlite" and table in _LEFT_OUT_ON_SQLITE:
            continue
        conditions, selected = [], []
        for column, kind in zip(columns, types, strict=True):
            if kind == "uuid":
                conditions.append(f"{column} = {_literal(installation, identifier)}")
            elif kind == "text":
                conditions.append(f"{column} LIKE '%{order['id']}%'")
            selected.append(_printed(installation, column, kind))
        if not conditions:
            continue
        key = ", ".join(columns)
        rows = installation.rows(
            f"SELECT {', '.join(selected)} FROM {table} WHERE {' OR '.join(conditions)} ORDER BY {key}")
        if rows:
            found.append(_Rows(table, columns, types, [
                [None if value is None else str(value) for value in row] for row in rows]))
    return found


def _tables(installation: Installation):
    """Tables with their columns and types in lower case."""
    if installation.engine == "postgres":
        query = """SELECT table_name, column_name, data_type FROM information_schema.columns
                   WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"""
    else:
        query = """SELECT m.name, c.name, lower(c.type) FROM sqlite_master m, pragma_table_info(m.name) c
                   WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"""
    tables: dict[str, tuple[list[str], list[str]]] = {}
    for table, column, kind in installation.rows(query):
        columns, types = tables.setdefault(table, ([], []))
        columns.append(column)
        types.append("uuid" if kind == "blob" and _holds_identifiers(installation, table, column) else kind)
    return [(table, columns, types) for table, (columns, types) in tables.items()]


def _holds_identifiers(installation: Installation, table: str, column: str) -> bool:
    rows = installation.rows(f"SELECT length({column}) FROM {table} WHERE {column} IS NOT NULL LIMIT 1")
    return not rows or rows[0][0] == 16


def _printed(installation: Installation, column: str, kind: str) -> str:
    if installation.engine == "postgres":
        return column
    if kind == "uuid":
        digits = f"lower(hex({column}))"
        lengths = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        parts = [f"substr({digits}, {start}, {length})" for start, length in lengths]
        return f"CASE WHEN {column} IS NULL THEN NULL ELSE {' || char(45) || '.join(parts)} END"
    return f"CASE WHEN {column} IS NULL THEN NULL ELSE '\\x' || lower(hex({column})) END" if kind == "blob" else column


def _literal(installation: Installation, identifier: uuid.UUID) -> str:
    return f"x'{identifier.hex}'" if installation.engine == "sqlite" else f"'{identifier}'"


def _multiply(
    installation: Installation, rows: _Rows, row_number: int, specs: list[pattern.Spec], count: int
) -> None:
    each = len(rows.rows)
    expressions = []
    for column, kind, spec in zip(rows.columns, rows.types, specs, strict=True):
        highest = 0
        if isinstance(spec, pattern.Serial):
            # The rows of one table are made one after another: this one's numbers leave room for the others'.
            highest = installation.number(f"SELECT COALESCE(MAX({column}), 0) FROM {rows.table}") - \
                (row_number and (count - 1) * each + row_number)
        expressions.append(_expression(installation.engine, spec, kind, highest, each, row_number, count))
    columns = ", ".join(rows.columns)
    if installation.engine == "postgres":
        installation.cluster.sql(
            installation.database,
            f"SET synchronous_commit = off; INSERT INTO {rows.table} ({columns}) "
            f"SELECT {', '.join(expressions)} FROM generate_series(1::bigint, {count}) AS n")
        return
    with contextlib.closing(sqlite3.connect(installation.sqlite_file)) as writer:
        writer.create_function("numbered", 1, lambda number: uuid.UUID(int=number).bytes, deterministic=True)
        writer.execute("PRAGMA cache_size = -500000")
        writer.execute(
            f"WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {count}) "
            f"INSERT INTO {rows.table} ({columns}) SELECT {', '.join(expressions)} FROM counted")
        writer.commit()
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _expression(
    engine: str, spec: pattern.Spec, kind: str, highest: int, each: int, row_number: int, count: int
) -> str:
    """SQL for the value of the n-th order."""
    identifier = numbered if engine == "postgres" else lambda number: f"numbered({number})"
    match spec:
        case pattern.Constant(None):
            return "NULL"
        case pattern.Constant(value):
            return _constant(engine, value, kind)
        case pattern.Known(name):
            line = int(re.sub(r"\D", "", name))
            return identifier(f"1 + {line * shelf.VARIANTS // shelf.LINES} + n * 7919 % 333")
        case pattern.Fresh(index):
            # Above the numbers of the orders that a benchmark makes later.
            return identifier(f"(1000000000 + n) * {ROOM} + {index}")
        case pattern.Serial():
            return f"{highest} + (n - 1) * {each} + {row_number + 1}"
        case pattern.Moment(value):
            return f"{value} - ({count} - n) * {_SPACING}"
        case pattern.Digest(length):
            filler = f"substring(sha256(int8send(n)) for {length})"
            return filler if engine == "postgres" else f"CAST(printf('%0{length}d', n) AS BLOB)"
        case pattern.Text(pieces):
            padded = "lpad(n::text, 26, '0')" if engine == "postgres" else "printf('%026d', n)"
            return " || ".join(padded if piece is None else _quoted(piece) for piece in pieces if piece != "")
    raise TypeError(f"{spec} is not a spec")


def _constant(engine: str, value: str, kind: str) -> str:
    if engine == "sqlite" and kind == "uuid":
        return f"x'{uuid.UUID(value).hex}'"
    if engine == "sqlite" and kind == "blob":
        return f"x'{value.removeprefix(chr(92) + 'x')}'"
    if engine == "sqlite" and kind != "text":
        return value
    return _quoted(value) if kind == "text" else f"{_quoted(value)}::{kind}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _settle(installation: Installation, count: int) -> None:
    """Moves the counter of order numbers past the copies, and lets the database know what it holds now."""
    statement = f"UPDATE order_numbers SET next = next + {count + 1000}"
    if installation.engine == "postgres":
        installation.cluster.sql(installation.database, f"{statement};")
        installation.cluster.sql(installation.database, "VACUUM ANALYZE; CHECKPOINT")
        return
    with contextlib.closing(sqlite3.connect(installation.sqlite_file)) as writer:
        writer.execute(statement)
        writer.commit()
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
