"""A browser, the people who sit at it, and what they may not meet: errors in the console and failed requests."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from browser.checks import once
from browser.demo import Demo, Missing
from playwright.sync_api import (
    Browser, BrowserContext, ConsoleMessage, Page, Playwright, Response, StorageState, expect, sync_playwright)

VIEWS = ("desk", "dark", "phone")
_DESK = {"viewport": {"width": 1280, "height": 800}}

# Adds up layout shifts that follow no input.
_SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const names = entry.sources.map(({ node }) => node?.className || node?.nodeName);
    if (!entry.hadRecentInput) shifts.push([entry.value, names]);
  }
}).observe({ type: "layout-shift", buffered: true });"""


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, context: BrowserContext, demo: Demo, has_scripts: bool):
        self.context = context
        self.demo = demo
        self.has_scripts = has_scripts
        self.faults: list[str] = []
        self.expected: set[int] = set()
        self._is_watched = True
        self.page = self.tab()

    def tab(self) -> Page:
        """Opens another tab."""
        page = self.context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self._note(f"script error: {error}"))
        page.on("response", self._saw)
        return page

    def go(self, path: str) -> None:
        """Opens a page of the shop by its path, or any page by its address. Missing when there is none."""
        answer = self.page.goto(path if path.startswith("http") else self.demo.addresses.shop + path)
        if answer is not None and answer.status == 404 and 404 not in self.expected:
            raise Missing(f"there is no {path}")

    @contextlib.contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Answers with these statuses are no fault meanwhile."""
        self.expected.update(statuses)
        try:
            yield
        finally:
            self.expected.difference_update(statuses)

    @contextlib.contextmanager
    def unwatched(self) -> Iterator[None]:
        """Nothing is a fault meanwhile: the check itself disturbs the page."""
        self._is_watched = False
        try:
            yield
        finally:
            self._is_watched = True

    def press(self, name: str | re.Pattern[str]) -> None:
        """Presses the button of this name."""
        self.page.get_by_role("button", name=name).click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Follows the first link of this name."""
        self.page.get_by_role("link", name=name).first.click()

    def sees(self, words: str | re.Pattern[str], page: Page | None = None, exactly: bool = False) -> None:
        """Waits until the page says this. Without scripts nobody sees changes without asking again."""
        page = page or self.page
        found = page.get_by_role("main").get_by_text(words, exact=exactly).first
        if self.has_scripts:
            expect(found).to_be_visible()
            return
        for _ in range(30):
            if found.is_visible():
                return
            page.wait_for_timeout(300)
            page.reload()
        expect(found).to_be_visible()

    def _heard(self, message: ConsoleMessage) -> None:
        # The answer itself is seen beside, with its status.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self._note(f"console {message.type}: {message.text}")

    def _saw(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self._note(f"{response.status} for {response.request.method} {urlsplit(response.url).path}")

    def _note(self, fault: str) -> None:
        if self._is_watched:
            self.faults.append(fault)


class World:
    """One browser on one demo. Belongs to the thread that made it."""

    def __init__(self, playwright: Playwright, browser: Browser, demo: Demo, pictures: Path):
        self.demo = demo
        self.pictures = pictures
        self._browser = browser
        self._views = {
            "desk": _DESK, "dark": _DESK | {"color_scheme": "dark"}, "phone": playwright.devices["Pixel 7"]}

    @contextlib.contextmanager
    def person(
        self, view: str = "desk", has_scripts: bool = True, storage: StorageState | None = None
    ) -> Iterator[Person]:
        """Somebody with nothing, or with the cookies of somebody else. Whatever faults they met fail the check."""
        context = self._browser.new_context(
            **self._views[view], java_script_enabled=has_scripts, storage_state=storage, locale="en-GB",
            timezone_id="Europe/London", reduced_motion="reduce")
        context.set_default_timeout(20_000)
        context.add_init_script(_SHIFTS)
        person = Person(context, self.demo, has_scripts)
        try:
            yield person
            if person.faults:
                raise AssertionError("; ".join(dict.fromkeys(person.faults)))
        except Missing:
            raise
        except Exception:
            self._picture_failure(person)
            raise
        finally:
            context.close()

    @once
    def staff_session(self) -> StorageState:
        """The cookies of staff who are signed in. Missing when one cannot sign in."""
        if not self.demo.has_page("/dashboard"):
            raise Missing("there is no dashboard")
        with self.person() as person, self.demo.signing_in:
            person.page.goto(self.demo.sign_in_link())
            person.press("Sign in")
            expect(person.page.get_by_role("heading", name="Orders", exact=True)).to_be_visible()
            return person.context.storage_state()

    def _picture_failure(self, person: Person) -> None:
        for page in person.context.pages:
            number = len(list(self.pictures.glob("failure-*.png"))) + 1
            # A page that does not even let itself be photographed must not hide why the check failed.
            with contextlib.suppress(Exception):
                page.screenshot(path=self.pictures / f"failure-{number}.png", full_page=True, timeout=5_000)
                print(f"        {page.url}\n        see {self.pictures / f'failure-{number}.png'}", flush=True)


@contextlib.contextmanager
def open_world(demo: Demo, pictures: Path, is_headful: bool = False) -> Iterator[World]:
    """Starts the browser that the system has."""
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("There is no chromium on the PATH: bin/setup test installs it.")
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, headless=not is_headful, args=["--disable-dev-shm-usage"])
        try:
            yield World(playwright, browser, demo, pictures)
        finally:
            browser.close()
