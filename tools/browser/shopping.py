"""People who buy something: by card in all its moods and in cash, with and without scripts, at desks and on phones."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from browser.checks import Check
from browser.demo import Mail, Missing, eventually
from browser.rig import Person, World
from playwright.sync_api import expect

CARD = re.compile(r"^Card\b")
CASH = re.compile(r"^Cash on delivery\b")
RECEIVED = r"^Your order (?!.* is (paid|on its way)$)"
PAID = r" is paid$"
ON_ITS_WAY = r" is on its way$"
_ADDRESS = {
    "Full name": "Zoë O'Neill-Ünal", "Street and house number": "3 Quay Row", "Town or city": "Leith",
    "Postcode": "EH6 6QW"}
_PHONE = "0131 496 0000"


@dataclass
class Buyer:
    """Somebody who may order things, with an address nobody else has."""

    email: str = field(default_factory=lambda: f"zoe-{uuid.uuid4().hex[:12]}@example.com")


def fill_basket(person: Person, product: str = "rye-caraway-loaf") -> None:
    """From a product's page into the basket."""
    person.go(f"/products/{product}")
    person.press("Add to basket")
    expect(person.page.get_by_role("heading", name="Basket", exact=True)).to_be_visible()


def fill_in(person: Person, buyer: Buyer, way: re.Pattern[str]) -> None:
    """Types what the checkout asks for. Missing when it does not offer to pay in this way."""
    page = person.page
    expect(page.get_by_role("heading", name="Checkout", exact=True)).to_be_visible()
    radio = page.get_by_role("radio", name=way)
    if radio.count() == 0:
        raise Missing(f"the checkout does not offer {way.pattern.strip('^').removesuffix(chr(92) + 'b')}")
    page.get_by_label("E-mail address").fill(buyer.email)
    page.get_by_label("Phone").fill(_PHONE)
    for label, text in _ADDRESS.items():
        page.get_by_label(label).fill(text)
    radio.check()


def order(person: Person, way: re.Pattern[str]) -> Buyer:
    """Walks from the first page through the shop and places an order."""
    buyer = Buyer()
    person.go("/")
    person.follow("Bakery")
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Bakery")
    person.follow(re.compile("^Rye"))
    person.press("Add to basket")
    person.follow("To the checkout")
    fill_in(person, buyer, way)
    with person.demo.opening:
        person.press("Place the order")
        expect(person.page).to_have_url(re.compile("/pay/|/orders/"))
    return buyer


def pay(person: Person, card: str) -> None:
    """On the provider's page: chooses a card and presses the button."""
    expect(person.page).to_have_url(re.compile(re.escape(person.demo.addresses.stripe) + "/pay/"))
    person.page.get_by_role("radio", name=re.compile(f"^{card}")).check()
    person.press(re.compile("^Pay "))


def mail(person: Person, buyer: Buyer, subject: str) -> Mail:
    """Waits for the one mail about something. AssertionError when it comes twice."""

    def found() -> list[Mail]:
        return [each for each in person.demo.mails(buyer.email) if re.search(subject, each.subject)]

    mails = eventually(found, f"a mail to {buyer.email} about “{subject}”")
    assert len(mails) == 1, f"{len(mails)} mails about “{subject}” to one buyer"
    return mails[0]


def has_thanked(person: Person) -> None:
    """The order's page is open."""
    expect(person.page.get_by_role("heading", name=re.compile("^Thank you"))).to_be_visible()
    expect(person.page).to_have_url(re.compile(r"/orders/ord_\w+/[^/]+$"))


def is_paid(person: Person) -> None:
    """The order's page says that it is paid."""
    has_thanked(person)
    person.sees("Paid", exactly=True)
    person.sees("We received your payment")


def _approved(person: Person) -> None:
    buyer = order(person, CARD)
    pay(person, "Succeeds")
    is_paid(person)
    received = mail(person, buyer, RECEIVED)
    mail(person, buyer, PAID)
    link = re.search(r"https?://\S+/orders/\S+", received.text)
    assert link, f"no link to the order in the mail: {received.text}"
    person.go(link.group(0))
    is_paid(person)


def _declined(person: Person) -> None:
    order(person, CARD)
    pay(person, "Is declined")
    expect(person.page.get_by_role("alert")).to_contain_text("declined")
    pay(person, "Succeeds")
    is_paid(person)


def _asked_by_bank(person: Person) -> None:
    order(person, CARD)
    pay(person, "Asks for 3-D Secure")
    person.press("Fail the authentication")
    expect(person.page.get_by_role("alert")).to_contain_text("unable to authenticate")
    pay(person, "Asks for 3-D Secure")
    person.press("Approve the payment")
    is_paid(person)


def _abandoned(person: Person) -> None:
    order(person, CARD)
    person.press("Back to the shop without paying")
    has_thanked(person)
    person.sees("We are waiting for your payment.")
    person.press(re.compile("^(Go on to pay|Try to pay again)$"))
    pay(person, "Succeeds")
    is_paid(person)


def _cash(person: Person) -> None:
    buyer = order(person, CASH)
    has_thanked(person)
    person.sees("Paid when it arrives")
    mail(person, buyer, RECEIVED)
    person.go("/checkout")
    person.sees("Your basket is empty")


def _follows_delivery(world: World) -> None:
    """The total is that of the delivery which is chosen, before anything is sent: nobody agrees to another one."""
    with world.person() as person:
        fill_basket(person)
        person.go("/checkout")
        fill_in(person, Buyer(), CASH)
        person.press("Show delivery and total for this address")
        summary = person.page.get_by_role("region", name="Your order")
        ways = person.page.get_by_role("group", name="Delivery").get_by_role("radio")
        assert ways.count() > 1, "the demo has one way of delivery only"
        person.page.evaluate("window.isTheSame = true")
        totals = set()
        for number in range(ways.count()):
            before = summary.inner_text()
            was_chosen = ways.nth(number).is_checked()
            ways.nth(number).check()
            if not was_chosen:
                expect(summary).not_to_have_text(before, use_inner_text=True)
            agreed = re.search(r"agree to pay (\S+)\.", summary.inner_text())
            assert agreed, "the page does not say what one agrees to pay"
            totals.add(agreed.group(1))
        assert len(totals) > 1, f"every delivery costs the same: {totals}"
        assert person.page.evaluate("window.isTheSame"), "the page was loaded again instead of changing by itself"


_PURCHASES: dict[str, Callable[[Person], None]] = {
    "card approved": _approved, "card declined, then approved": _declined, "card with 3-D Secure": _asked_by_bank,
    "card abandoned, then paid": _abandoned, "cash on delivery": _cash}


def _buy(way: Callable[[Person], None], view: str, has_scripts: bool, world: World) -> None:
    with world.person(view, has_scripts) as person:
        way(person)


def _page_turns_by_itself(world: World) -> None:
    """The browser that pays never comes back: the message from the provider alone has to change the page."""
    with world.person() as person:
        order(person, CARD)
        paying = person.page.url
        person.press("Back to the shop without paying")
        has_thanked(person)
        person.page.evaluate("window.isTheSame = true")
        world.demo.pay_and_leave(paying)
        is_paid(person)
        assert person.page.evaluate("window.isTheSame"), "the page was loaded again instead of changing by itself"


def _return_wins(world: World) -> None:
    """The provider's message is lost: the browser's return has to find out."""
    with world.person() as person:
        order(person, CARD)
        world.demo.play("drop", count=2)
        pay(person, "Succeeds")
        is_paid(person)


def _provider_is_down(world: World) -> None:
    """The payment page cannot be opened: the order stands, and is paid later."""
    with world.person() as person:
        fill_basket(person)
        person.follow("To the checkout")
        fill_in(person, Buyer(), CARD)
        with world.demo.opening:
            world.demo.play("server_error", count=20, path="/v1/checkout/sessions")
            person.press("Place the order")
            has_thanked(person)
            world.demo.mend()
        person.press(re.compile("^(Go on to pay|Try to pay again)$"))
        pay(person, "Succeeds")
        is_paid(person)


def _nothing_is_lost(has_scripts: bool, world: World) -> None:
    typed = {
        "E-mail address": "not an address", "Phone": "twelve", "Full name": "Zoë <b>O'Neill</b>",
        "Street and house number": "3 \"Quay\" Row", "Flat, floor, company": "Second & third", "Town or city": "Leith",
        "Postcode": "nowhere", "A note for us": "Ring twice.\nThen wait."}
    with world.person(has_scripts=has_scripts) as person, person.expecting(422):
        page = person.page
        fill_basket(person)
        person.follow("To the checkout")
        for label, text in typed.items():
            page.get_by_label(label).fill(text)
        page.get_by_role("radio", name=CASH).check()
        person.press("Place the order")
        summary = page.get_by_role("alert")
        expect(summary).to_contain_text("This is not an e-mail address")
        if has_scripts:
            expect(summary).to_be_focused()
        for label, text in typed.items():
            expect(page.get_by_label(label)).to_have_value(text)
        expect(page.get_by_role("radio", name=CASH)).to_be_checked()
        for label in ("E-mail address", "Phone", "Postcode"):
            control = page.get_by_label(label)
            expect(control).to_have_attribute("aria-invalid", "true")
            named = (control.get_attribute("aria-describedby") or "").split()
            said = " ".join(page.locator(f"id={each}").inner_text() for each in named)
            is_told = "This is no" in said or "This does not" in said
            assert is_told, f"{label} does not say what is wrong with it: {said}"
        page.get_by_label("E-mail address").fill("zoe@example.com")
        page.get_by_label("Phone").fill(_PHONE)
        page.get_by_label("Full name").fill(typed["Full name"])
        page.get_by_label("Postcode").fill("EH6 6QW")
        page.get_by_role("radio", name=CASH).check()
        person.press("Place the order")
        has_thanked(person)


def _another_country(has_scripts: bool, world: World) -> None:
    with world.person(has_scripts=has_scripts) as person:
        page = person.page
        fill_basket(person)
        person.follow("To the checkout")
        page.get_by_label("Street and house number").fill("500 Howard Street")
        page.get_by_label("Country").select_option(label="United States")
        if not has_scripts:
            person.press("Show the form of this country")
        expect(page.get_by_label("ZIP code")).to_be_visible()
        expect(page.get_by_label("Street and house number")).to_have_value("500 Howard Street")


def _options(has_scripts: bool, world: World) -> None:
    with world.person(has_scripts=has_scripts) as person:
        page = person.page
        person.go("/products/early-harvest-olive-oil")
        choices = page.get_by_role("group", name="Bottle").get_by_role("radio")
        assert choices.count() == 3, f"{choices.count()} bottles to choose from"
        # The drawn chip lies over its control.
        choices.nth(1).check(force=True)
        person.page.get_by_label("Quantity").fill("2")
        person.press("Add to basket")
        expect(page.get_by_role("heading", name="Basket", exact=True)).to_be_visible()
        quantity = page.get_by_label(re.compile("^Quantity of"))
        expect(quantity).to_have_value("2")
        quantity.fill("3")
        if has_scripts:
            quantity.blur()
        else:
            person.press("Update")
        expect(page.get_by_role("link", name=re.compile("^Basket"))).to_contain_text("3")
        person.press(re.compile("^Remove"))
        person.sees("Your basket is empty")


def checks() -> list[Check]:
    """All of them."""
    found = [
        Check(f"buy, {name}, {view}{'' if has_scripts else ', no scripts'}", partial(_buy, way, view, has_scripts))
        for name, way in _PURCHASES.items() for view in ("desk", "phone") for has_scripts in (True, False)]
    for has_scripts in (True, False):
        words = "" if has_scripts else ", no scripts"
        found += [
            Check(f"checkout, nothing typed is lost{words}", partial(_nothing_is_lost, has_scripts)),
            Check(f"checkout, the form of another country{words}", partial(_another_country, has_scripts)),
            Check(f"basket, options and quantities{words}", partial(_options, has_scripts))]
    return found + [
        Check("checkout, the total follows the delivery", _follows_delivery),
        Check("order page turns to paid by itself", _page_turns_by_itself),
        Check("order is paid when only the browser returns", _return_wins),
        Check("order is paid later when the provider is down", _provider_is_down)]
