"""How checks end, what pages may weigh, and what the demo says: shown on made-up cases."""

import unittest

from browser.budgets import BUDGETS, exceeded, weigh
from browser.checks import Check, Result, carry_out, carry_out_twice, is_good, is_wanted, once, summary
from browser.demo import Addresses, Missing


def _raises(error: Exception):
    def run(_):
        raise error

    return run


class Verdicts(unittest.TestCase):
    """A check passes only when it returns."""

    def test_a_check_that_returns_has_passed(self):
        self.assertEqual(carry_out(Check("x", lambda _: None), None).verdict, "passed")

    def test_a_second_attempt_is_told(self):
        outcomes = iter([AssertionError("too late"), None])

        def run(_world):
            outcome = next(outcomes)
            if outcome:
                raise outcome

        result = carry_out_twice(Check("x", run), None)
        self.assertEqual(result.verdict, "passed")
        self.assertIn("too late", result.words)

    def test_what_fails_twice_has_failed(self):
        result = carry_out_twice(Check("x", _raises(AssertionError("wrong"))), None)
        self.assertEqual((result.verdict, result.words), ("FAILED", "wrong"))

    def test_a_page_that_does_not_exist_is_missing(self):
        result = carry_out(Check("x", _raises(Missing("no page"))), None)
        self.assertEqual((result.verdict, result.words), ("missing", "no page"))

    def test_what_is_not_so_and_what_breaks_has_failed(self):
        for error in (AssertionError("wrong"), ValueError("broken")):
            result = carry_out(Check("x", _raises(error)), None)
            self.assertEqual(result.verdict, "FAILED")
            self.assertIn(str(error), result.words)

    def test_what_is_missing_fails_strictly_only(self):
        results = [Result("a", "passed"), Result("b", "missing")]
        self.assertTrue(is_good(results, strictly=False))
        self.assertFalse(is_good(results, strictly=True))
        self.assertFalse(is_good([*results, Result("c", "FAILED")], strictly=False))
        self.assertTrue(is_good(results[:1], strictly=True))
        self.assertFalse(is_good([], strictly=True))
        self.assertEqual(summary(results), "1 passed, 1 missing")

    def test_what_is_worked_out_once_stays_and_so_does_its_failure(self):
        class Scene:
            """Counts how often it is set."""

            calls = 0

            @once
            def good(self):
                """Works."""
                self.calls += 1
                return self.calls

            @once
            def bad(self):
                """Does not."""
                self.calls += 1
                raise Missing("nothing")

        scene = Scene()
        self.assertEqual((scene.good, scene.good), (1, 1))
        for _ in range(2):
            with self.assertRaises(Missing):
                _ = scene.bad
        self.assertEqual(scene.calls, 2)

    def test_checks_are_chosen_by_words_of_their_names(self):
        check = Check("buy, cash", print)
        self.assertTrue(is_wanted(check, []))
        self.assertTrue(is_wanted(check, ["sell", "cash"]))
        self.assertFalse(is_wanted(check, ["sell"]))


class Budgets(unittest.TestCase):
    """Scripts, styles and shifts are counted, pictures are not."""

    resources = [("http://h/assets/1/shop.js", 1_000), ("http://h/a.css?v=1", 2_000), ("http://h/bread.svg", 90_000)]

    def test_scripts_and_styles_are_weighed_apart(self):
        self.assertEqual(weigh(self.resources), (1_000, 2_000))

    def test_what_is_within_is_not_told(self):
        self.assertEqual(exceeded(BUDGETS["shop"], self.resources, 0.0001), [])

    def test_whatever_is_over_is_told(self):
        resources = [("http://h/shop.js", 5_001), ("http://h/a.css", 8_001)]
        self.assertEqual(len(exceeded(BUDGETS["shop"], resources, 0.002)), 3)
        self.assertEqual(exceeded(BUDGETS["dashboard"], resources, 0.002), [])


class Words(unittest.TestCase):
    """What `shipshape demo` prints."""

    def test_the_addresses_are_read(self):
        words = """
            The demo shop is open.

            storefront       http://127.0.0.1:8080
            dashboard        http://127.0.0.1:8080/dashboard/sign-in/abc-1
            simulated Stripe http://127.0.0.1:8090
            mailbox          http://127.0.0.1:8091
            store            sto_1
            publishable key  pk_1
            secret key       sk_1
            """
        self.assertEqual(
            Addresses.read(words),
            Addresses(
                "http://127.0.0.1:8080", "http://127.0.0.1:8090", "http://127.0.0.1:8091",
                "http://127.0.0.1:8080/dashboard/sign-in/abc-1", "sto_1", "pk_1", "sk_1"))

    def test_what_is_not_there_is_empty(self):
        self.assertEqual(Addresses.read("address  http://h:1\n"), Addresses("http://h:1"))

    def test_no_address_is_refused(self):
        with self.assertRaises(ValueError):
            Addresses.read("The database was not made by the demo.")


if __name__ == "__main__":
    unittest.main()
