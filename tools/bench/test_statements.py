"""Statements read back, the pattern in them, and the scripts made of it."""

import tempfile
import unittest
import uuid
from pathlib import Path

from bench import pattern, pgbench, sqlite_loop
from bench.statements import Statement, bound_values, from_postgres_log, from_sqlite_trace, parameters, transactions
from rig import identifiers

CHECKOUTS = [uuid.UUID(int=number << 64) for number in (11, 12, 13)]
ORDERS = [uuid.UUID(int=number << 64) for number in (21, 22, 23)]


def sample(number: int) -> pattern.Sample:
    order = identifiers.encode("ord", ORDERS[number])
    return pattern.Sample(
        values=[
            "6f1f2c0e-0000-7000-8000-000000000001", str(CHECKOUTS[number]), str(ORDERS[number]), str(1001 + number),
            str(1_700_000_000_000_000 + number), None, "it's", f'{{"order":"{order}","total":450}}', f"key-{number}",
            f"\\x{number:064x}", str(ORDERS[number]), "450", f"\\x{number:0{70 + 2 * number}x}"],
        known={"checkout": CHECKOUTS[number]}, texts=[f"key-{number}"])


class Patterns(unittest.TestCase):
    def test_are_found_by_comparing_orders(self):
        self.assertEqual(pattern.infer([sample(0), sample(1), sample(2)]), [
            pattern.Constant("6f1f2c0e-0000-7000-8000-000000000001"), pattern.Known("checkout"), pattern.Fresh(0),
            pattern.Serial(3), pattern.Moment(1_700_000_000_000_000), pattern.Constant(None), pattern.Constant("it's"),
            pattern.Text(('{"order":"', None, '","total":450}')), pattern.Text(("", None, "")), pattern.Digest(32),
            pattern.Fresh(0), pattern.Constant("450"), pattern.Constant(f"\\x{0:070x}")])

    def test_are_refused_when_a_value_is_only_sometimes_null(self):
        first, second = sample(0), sample(1)
        second.values[6] = None
        with self.assertRaises(pattern.PatternError):
            pattern.infer([first, second])


class Scripts(unittest.TestCase):
    def test_hold_the_statements_with_their_values_replaced(self):
        statements = [
            Statement("BEGIN"), Statement("INSERT INTO t VALUES ($1, $2, $3, $2)", ["a", None, str(ORDERS[0])]),
            Statement("UPDATE t SET x = $2 WHERE c = $1;", [str(CHECKOUTS[0]), "9"]), Statement("COMMIT")]
        specs = [pattern.Constant("a"), pattern.Constant(None), pattern.Fresh(1), pattern.Known("checkout"),
                 pattern.Serial(4)]
        script = pgbench.script(statements, specs, {"checkout": "md5('c' || :order)::uuid"}, r"\set v random(1, 9)")
        self.assertEqual(script.text.split("\n"), [
            r"\set step :step + 1", r"\set order :first + :step * :clients + :client_id", r"\set v random(1, 9)",
            "BEGIN;",
            "INSERT INTO t VALUES (:value_0, NULL, lpad(to_hex(:order::bigint * 64 + 1), 32, '0')::uuid, NULL);",
            "UPDATE t SET x = (:order::bigint + 1000000) WHERE c = md5('c' || :order)::uuid;", "COMMIT;", ""])
        self.assertEqual(script.variables, {"value_0": "a"})

    def test_are_refused_when_values_are_left_over(self):
        with self.assertRaises(ValueError):
            pgbench.script([Statement("BEGIN")], [pattern.Constant("a")], {}, "")


class PostgresLogs(unittest.TestCase):
    def test_give_parameters_back(self):
        self.assertEqual(
            parameters("parameters: $1 = 'it''s, $2 = ''x''', $2 = NULL, $3 = '', $4 = 'line\nbreak'"),
            ["it's, $2 = 'x'", None, "", "line\nbreak"])

    def test_give_statements_back_by_session(self):
        def row(pid, message, detail=""):
            cells = [""] * 26
            cells[3], cells[13], cells[14] = pid, message, detail
            return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "server.csv"
            path.write_text("\n".join([
                row("7", "execute <unnamed>: BEGIN"), row("8", "statement: SELECT 1"),
                row("7", 'execute s1: UPDATE "t" SET a = $1', "parameters: $1 = '4'"), row("7", "connection received"),
                row("7", "execute s2: COMMIT")]) + "\n", encoding="utf-8")
            sessions = from_postgres_log(path)
        self.assertEqual(list(transactions(sessions["7"])), [[
            Statement("BEGIN"), Statement('UPDATE "t" SET a = $1', ["4"]), Statement("COMMIT")]])
        self.assertEqual(sessions["8"], [Statement("SELECT 1")])


class SQLiteTraces(unittest.TestCase):
    def test_give_bound_values_back(self):
        self.assertEqual(
            bound_values("SELECT '?1', ?2, ?1 WHERE a = ?3", "SELECT '?1', x'00ff', 'it''s ?2' WHERE a = NULL"),
            ["it's ?2", b"\x00\xff", None])
        self.assertEqual(bound_values("VALUES (?, ?)", "VALUES (-7, 1.5)"), [-7, 1.5])
        self.assertEqual(bound_values("COMMIT", "COMMIT"), [])

    def test_give_statements_back_by_connection(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "trace"
            path.write_text("0x1\tSELECT\\n?1\tSELECT\\n'a\\\\b\\t'\n0x2\tBEGIN\tBEGIN\n", encoding="utf-8")
            traced = from_sqlite_trace(path)
        self.assertEqual(traced, {"0x1": [Statement("SELECT\n?1", ["a\\b\t"])], "0x2": [Statement("BEGIN")]})


class PlainLoops(unittest.TestCase):
    BATCH = [Statement(sql) for sql in (
        "BEGIN IMMEDIATE", "SAVEPOINT closure", "INSERT INTO orders (a) VALUES (1)", "RELEASE closure",
        "SAVEPOINT closure", "UPDATE jobs SET a = 1", "RELEASE closure", "COMMIT", "BEGIN IMMEDIATE",
        "SAVEPOINT closure", "UPDATE jobs SET a = 2", "RELEASE closure", "COMMIT")]

    def test_can_commit_each_closure_alone(self):
        self.assertEqual([statement.sql for statement in sqlite_loop.one_commit_each(self.BATCH[:8])], [
            "BEGIN IMMEDIATE", "INSERT INTO orders (a) VALUES (1)", "COMMIT", "BEGIN IMMEDIATE",
            "UPDATE jobs SET a = 1", "COMMIT"])

    def test_can_leave_out_what_is_no_order(self):
        self.assertEqual([statement.sql for statement in sqlite_loop.only_orders(self.BATCH)], [
            "BEGIN IMMEDIATE", "SAVEPOINT closure", "INSERT INTO orders (a) VALUES (1)", "RELEASE closure", "COMMIT"])

    def test_time_the_part_that_places_orders(self):
        opening = [Statement("PRAGMA synchronous = FULL"), Statement("BEGIN"), Statement("COMMIT")]
        self.assertEqual(sqlite_loop.placing_part([*opening, *self.BATCH]), (3, 11))


if __name__ == "__main__":
    unittest.main()
