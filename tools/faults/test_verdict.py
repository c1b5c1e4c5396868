"""Every check of the verdict, shown failing on a database that is wrong."""

import sqlite3
import unittest
import uuid

from faults import verdict
from faults.ledger import Ledger
from rig import identifiers

ORDER = uuid.UUID(int=1 << 100)
ORDER_ID = identifiers.encode("ord", ORDER)
SCHEMA = """
CREATE TABLE orders (checkout_id BLOB);
CREATE TABLE checkouts (status TEXT);
CREATE TABLE jobs (kind TEXT, key TEXT, state TEXT);
CREATE TABLE events (store_id BLOB, aggregate_kind TEXT, aggregate_id BLOB, version INTEGER, type TEXT);
CREATE TABLE event_positions (
    position INTEGER, store_id BLOB, aggregate_kind TEXT, aggregate_id BLOB, version INTEGER);
"""


class Database:
    """As an installation, for those who only ask."""

    engine = "sqlite"

    def __init__(self):
        self.connection = sqlite3.connect(":memory:")
        self.connection.executescript(SCHEMA)

    def rows(self, statement):
        return [list(row) for row in self.connection.execute(statement)]

    def run(self, statement, *values):
        self.connection.execute(statement, values)

    def event(self, version, kind, position):
        self.run("INSERT INTO events VALUES (x'01', 'order', ?, ?, ?)", ORDER.bytes, version, kind)
        self.run("INSERT INTO event_positions VALUES (?, x'01', 'order', ?, ?)", position, ORDER.bytes, version)


class Staff:
    """As a client, with the answers given."""

    def __init__(self, orders=(), stock=None):
        self.orders, self.stock = orders, stock

    def pages(self, _path):
        return iter(self.orders)

    def expect(self, *_):
        return self.stock


def placed(**changes):
    order = {
        "id": ORDER_ID, "status": "open", "payment_status": "pending", "fulfillment_status": "unfulfilled",
        "lines": [{"id": "line_1", "variant_id": "var_1", "quantity": 3, "fulfilled_quantity": 0}]}
    return {**order, **changes}


class Verdicts(unittest.TestCase):
    def setUp(self):
        self.ledger = Ledger()
        self.order = self.ledger.place("chk_1", placed())
        self.database = Database()

    def test_orders_are_lost_unknown_or_changed(self):
        self.assertEqual(list(verdict._orders(Staff([placed()]), self.ledger)), [])
        self.assertIn("is lost", "".join(verdict._orders(Staff(), self.ledger)))
        self.assertIn(
            "nobody was told", "".join(verdict._orders(Staff([placed(), placed(id="ord_2")]), self.ledger)))
        self.assertIn("canceled", "".join(verdict._orders(Staff([placed(status="canceled")]), self.ledger)))
        self.order.lines["line_1"].fulfilled = 1
        self.assertEqual(len(list(verdict._orders(Staff([placed()]), self.ledger))), 2)

    def test_stock_leaks_or_is_oversold(self):
        sound = {"on_hand": 10, "reserved": 3, "available": 7}
        self.assertEqual(list(verdict._stock(Staff(stock=sound), self.ledger, ["var_1"], 10)), [])
        leaked = {"on_hand": 10, "reserved": 4, "available": 6}
        self.assertEqual(len(list(verdict._stock(Staff(stock=leaked), self.ledger, ["var_1"], 10))), 1)
        self.order.is_canceled = True
        self.assertEqual(len(list(verdict._stock(Staff(stock=sound), self.ledger, ["var_1"], 10))), 1)

    def test_a_checkout_becomes_two_orders(self):
        self.database.run("INSERT INTO orders VALUES (x'01')")
        self.database.run("INSERT INTO checkouts VALUES ('completed')")
        self.assertEqual(list(verdict._checkouts(self.database, self.ledger)), [])
        self.database.run("INSERT INTO orders VALUES (x'01')")
        self.assertEqual(len(list(verdict._checkouts(self.database, self.ledger))), 1)
        self.ledger.place("chk_1", placed(id="ord_2"))
        self.assertEqual(len(self.ledger.faults), 1)

    def test_a_job_is_owed_or_dead(self):
        self.assertEqual(list(verdict._jobs(self.database, self.ledger)), [f"the job of {ORDER_ID} is done 0 times"])
        self.database.run("INSERT INTO jobs VALUES ('mails.send_order_mail', ?, 'done')", f"order_received:{ORDER_ID}")
        self.assertEqual(list(verdict._jobs(self.database, self.ledger)), [])
        self.database.run("INSERT INTO jobs VALUES ('other', NULL, 'dead')")
        self.assertEqual(len(list(verdict._jobs(self.database, self.ledger))), 1)

    def test_events_are_missing_doubled_or_out_of_order(self):
        self.assertEqual(len(list(verdict._events(self.database, self.ledger))), 1)
        self.database.event(1, "order.placed", 1)
        self.assertEqual(list(verdict._events(self.database, self.ledger)), [])
        self.order.deliveries = 2
        self.database.event(2, "order.fulfilled", 3)
        self.database.event(3, "order.fulfilled", 2)
        self.assertIn("order of their versions", "".join(verdict._events(self.database, self.ledger)))
        self.database.run("UPDATE event_positions SET position = 9 WHERE position = 3")
        self.assertIn("positions 1 to 9", "".join(verdict._events(self.database, self.ledger)))

    def test_what_was_acknowledged_tells_the_states(self):
        self.assertEqual(self.order.states["fulfillment_status"], "unfulfilled")
        self.order.lines["line_1"].fulfilled = 2
        self.assertEqual(self.order.states["fulfillment_status"], "partially_fulfilled")
        self.assertEqual(self.ledger.held("var_1"), (1, 2))
        self.order.is_canceled = True
        self.assertEqual(self.order.states["payment_status"], "voided")
        self.assertEqual(self.ledger.held("var_1"), (0, 2))


if __name__ == "__main__":
    unittest.main()
