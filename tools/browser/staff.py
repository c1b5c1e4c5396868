"""Staff at work on the dashboard, in a second browser."""

from browser.checks import Check
from browser.pages import PageOf

PAGES: list[PageOf] = []


def checks() -> list[Check]:
    """All of them."""
    return []
