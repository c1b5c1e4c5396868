"""Medians, percentiles, and verdicts."""

import unittest

from bench.outcome import alternate, at_least, median, percentile


class Figures(unittest.TestCase):
    def test_the_median_is_the_middle(self):
        self.assertEqual(median([9, 1, 5]), 5)
        self.assertEqual(median([1, 2, 4, 9]), 3)
        with self.assertRaises(ValueError):
            median([])

    def test_a_percentile_is_a_value_that_was_measured(self):
        values = list(range(1, 101))
        self.assertEqual(percentile(values, 50), 50)
        self.assertEqual(percentile(values, 99), 99)
        self.assertEqual(percentile(values, 100), 100)
        self.assertEqual(percentile([7], 1), 7)
        with self.assertRaises(ValueError):
            percentile([], 50)

    def test_a_bar_is_met_at_the_bar_and_missed_below_it(self):
        self.assertTrue(at_least(0.5, "", "", "", [50, 50, 1000], [100, 100, 1], "").is_met)
        missed = at_least(0.5, "placing", "sqlite", "orders/s", [49], [100], "the loop")
        self.assertFalse(missed.is_met)
        self.assertIn("MISSED", str(missed))
        self.assertEqual(missed.ratio, 0.49)

    def test_rounds_take_turns_and_turn_around(self):
        calls = []
        results = alternate(3, lambda n: calls.append(("a", n)) or n, lambda n: calls.append(("b", n)) or -n)
        self.assertEqual(calls, [("a", 0), ("b", 0), ("b", 1), ("a", 1), ("a", 2), ("b", 2)])
        self.assertEqual(results, [[0, 1, 2], [0, -1, -2]])


if __name__ == "__main__":
    unittest.main()
