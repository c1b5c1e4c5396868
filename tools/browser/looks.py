"""Looks at every page in light, in the dark and on a phone: no violation of accessibility, no error, no excess."""

from functools import partial
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from browser.budgets import BUDGETS, exceeded
from browser.checks import Check
from browser.pages import PageOf, Scenes, slug
from browser.rig import VIEWS, Person, World

# Naming wcag22aa also turns the rule of target sizes on.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_WEIGHTS = """performance.getEntriesByType("resource").map((each) => [each.name, each.encodedBodySize])"""
_SHIFT = "shifts.reduce((sum, [value]) => sum + value, 0)"


def violations(person: Person) -> list[str]:
    """What axe finds on the page, in words."""
    # Frames hold mails, which run no script.
    found = Axe().run(person.page, options={"runOnly": _TAGS, "iframes": False}).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): " + ", ".join(str(node["target"][0]) for node in each["nodes"][:3])
        for each in found]


def visit(page: PageOf, person: Person, scenes: Scenes) -> None:
    """Goes to a page and lets it come to rest."""
    person.expected.add(page.status)
    person.page.bring_to_front()
    page.visit(person, scenes)
    person.page.wait_for_load_state("load")
    # Two frames: what scripts do at once is drawn, and observers have heard of it.
    person.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def _look(page: PageOf, world: World, scenes: Scenes) -> list[str]:
    found = []
    for view in VIEWS:
        with world.person(view, storage=page.cookies(scenes)) as person:
            visit(page, person, scenes)
            if page.area in BUDGETS:
                shift = person.page.evaluate(_SHIFT)
                over = exceeded(BUDGETS[page.area], person.page.evaluate(_WEIGHTS), shift)
                if any("shifts" in words for words in over):
                    over.append(str(person.page.evaluate("shifts")))
                found += [f"{view}: {words}" for words in over]
            found += _too_wide(view, person)
            with person.unwatched():
                found += [f"{view}: {violation}" for violation in violations(person)]
    return found


def _too_wide(view: str, person: Person) -> list[str]:
    surplus = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{view}: the page is {surplus} px wider than the window"] if surplus > 0 else []


def _check(page: PageOf, scenes: list[Scenes], world: World) -> None:
    if not scenes:
        scenes.append(Scenes(world))
    found = _look(page, world, scenes[0])
    assert not found, "\n".join(found)


def checks(pages: list[PageOf]) -> list[Check]:
    """One for each page. They share what has to have happened before."""
    scenes: list[Scenes] = []
    return [Check(f"look, {page.title}", partial(_check, page, scenes)) for page in pages]


def take_pictures(pages: list[PageOf], world: World, folder: Path) -> list[str]:
    """Saves a picture of every page in every view; returns which pages were not to be had, and why."""
    scenes, failures = Scenes(world), []
    for page in pages:
        for view in VIEWS:
            try:
                with world.person(view, storage=page.cookies(scenes)) as person:
                    visit(page, person, scenes)
                    person.page.screenshot(path=folder / f"{slug(page.title)}-{view}.png", full_page=True)
                    person.faults.clear()
            except Exception as error:  # the other pages are still wanted
                failures.append(f"{page.title} ({view}): {str(error).splitlines()[0]}")
                break
    return failures
