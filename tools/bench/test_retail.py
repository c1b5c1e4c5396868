"""Invoices: exact pence, kinds of lines, and the two ways to add them up."""

import json
import tempfile
import unittest
from pathlib import Path

from bench import retail, revenue

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
ROWS = (
    "536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
    "536365,POST,POSTAGE,1,2010-12-01 08:27:00,0.1,,France\n"
    'C536379,D,"Discount, special",-1,2010-12-01 09:41:00,27.5,14527.0,United Kingdom\n'
    "536414,22139,,56,2010-12-01 11:52:00,0.0,,United Kingdom\n"
    "536589,21777,,-10,2010-12-01 16:50:00,0.0,,United Kingdom\n"
    "A563185,B,Adjust bad debt,1,2010-12-02 14:51:00,-11062.06,,United Kingdom\n"
    "536401,22110,BIRD HOUSE,3,2010-12-02 11:21:00,1000000.07,,United Kingdom\n"
)


class Pence(unittest.TestCase):
    def test_are_exact_where_binary_fractions_are_not(self):
        self.assertEqual(retail.minor_units("2.55"), 255)
        self.assertEqual(retail.minor_units("0.1"), 10)
        self.assertEqual(retail.minor_units("1.005e1"), 1005)
        self.assertEqual(retail.minor_units("90071992547409.91"), 9007199254740991)
        for pence in range(0, 100_000, 7):
            self.assertEqual(retail.minor_units(f"{pence // 100}.{pence % 100:02}"), pence)

    def test_are_refused_when_there_are_fractions_of_a_penny(self):
        with self.assertRaises(ValueError):
            retail.minor_units("0.001")


class Lines(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)
        (self.folder / "2010-12-01.csv").write_text(HEADER + ROWS, encoding="utf-8")

    def test_are_counted_by_kind(self):
        self.assertEqual(
            dict(retail.read(self.folder).kinds),
            {"sale": 3, "return": 1, "no price": 1, "stock written off": 1, "negative price": 1})

    def test_become_orders_in_the_order_of_the_file(self):
        first, second = retail.read(self.folder).invoices
        self.assertEqual(first.order(), {
            "external_id": "536365", "placed_at": "2010-12-01T08:26:00Z", "payment_method": "paid_elsewhere",
            "lines": [
                {"sku": "85123A", "title": "WHITE HANGING HEART", "quantity": 6,
                 "unit_price": {"amount": 255, "currency": "GBP"}},
                {"sku": "POST", "title": "POSTAGE", "quantity": 1, "unit_price": {"amount": 10, "currency": "GBP"}},
            ]})
        self.assertEqual(second.lines[0]["unit_price"]["amount"], 100_000_007)

    def test_add_up_straight_from_the_file(self):
        expected = {"orders": 2, "lines": 3, "days": {"2010-12-01": "15.40", "2010-12-02": "3000000.21"}}
        self.assertEqual(revenue.revenue(self.folder), expected)
        self.assertEqual(json.loads(json.dumps(expected)), expected)


if __name__ == "__main__":
    unittest.main()
