"""Statements as the program sent them, read back from PostgreSQL's log or from a trace of SQLite."""

import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_PARAMETER = re.compile(r"\$\d+ = (NULL|'(?:[^']|'')*')")
_LITERAL = re.compile(r"NULL|x'(?:[0-9a-fA-F]{2})*'|'(?:[^']|'')*'|-?[0-9.]+(?:[eE][-+]?[0-9]+)?")
_PLACEHOLDER = re.compile(r"\?\d*")
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\"}


@dataclass
class Statement:
    """A statement's text and the values of its parameters, by number; NULL is None."""

    sql: str
    values: list = field(default_factory=list)

    @property
    def verb(self) -> str:
        """Its first word, in upper case."""
        return self.sql.split(None, 1)[0].upper().rstrip(";")


def from_postgres_log(path: Path) -> dict[str, list[Statement]]:
    """The statements in a server's CSV log, by the process that ran them."""
    csv.field_size_limit(sys.maxsize)
    sessions: dict[str, list[Statement]] = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.reader(file):
            message, detail = row[13], row[14]
            if message.startswith("statement: "):
                statement = Statement(message.removeprefix("statement: "))
            elif message.startswith("execute "):
                statement = Statement(message.partition(": ")[2], parameters(detail))
            else:
                continue
            sessions.setdefault(row[3], []).append(statement)
    return sessions


def parameters(detail: str) -> list[str | None]:
    """The values that `parameters: $1 = '…', $2 = NULL` tells."""
    return [
        None if value == "NULL" else value[1:-1].replace("''", "'")
        for value in _PARAMETER.findall(detail.partition(": ")[2])
    ]


def from_sqlite_trace(path: Path) -> dict[str, list[Statement]]:
    """The statements in a trace, by connection. Values are None, int, float, str or bytes."""
    connections: dict[str, list[Statement]] = {}
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            connection, sql, expanded = line.rstrip("\n").split("\t")
            statement = Statement(_unescaped(sql))
            statement.values = bound_values(statement.sql, _unescaped(expanded))
            connections.setdefault(connection, []).append(statement)
    return connections


def bound_values(sql: str, expanded: str) -> list:
    """The values of `?1`, `?2` … found by laying the text over the same text with the values written out."""
    values: dict[int, object] = {}
    place = end = 0
    for number, match in enumerate(_placeholders(sql), 1):
        place += match.start() - end
        end = match.end()
        literal = _LITERAL.match(expanded, place)
        if literal is None:
            raise ValueError(f"no value at {place} of {expanded}")
        place = literal.end()
        values[int(match.group()[1:] or number)] = _value(literal.group())
    return [values.get(number) for number in range(1, max(values, default=0) + 1)]


def transactions(statements: list[Statement]) -> Iterator[list[Statement]]:
    """The whole transactions among a connection's statements, from BEGIN to COMMIT."""
    current: list[Statement] | None = None
    for statement in statements:
        if statement.verb == "BEGIN":
            current = []
        if current is None:
            continue
        current.append(statement)
        if statement.verb == "COMMIT":
            yield current
        if statement.verb in ("COMMIT", "ROLLBACK") and "TO" not in statement.sql.upper().split():
            current = None


def _placeholders(sql: str) -> Iterator[re.Match]:
    """The placeholders that do not stand inside quotes."""
    for match in re.finditer(r"'(?:[^']|'')*'|\"[^\"]*\"|\?\d*", sql):
        if _PLACEHOLDER.fullmatch(match.group()):
            yield match


def _value(literal: str):
    if literal == "NULL":
        return None
    if literal.startswith("x'"):
        return bytes.fromhex(literal[2:-1])
    if literal.startswith("'"):
        return literal[1:-1].replace("''", "'")
    return int(literal) if re.fullmatch(r"-?\d+", literal) else float(literal)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES[match.group(1)], text)
