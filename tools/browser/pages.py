"""Every page there is to see, and the way to each."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from browser import shopping
from browser.checks import once
from browser.demo import Missing, eventually
from browser.rig import Person, World
from browser.shopping import CARD, CASH
from playwright.sync_api import StorageState


class Scenes:
    """What has to have happened before some pages can be seen; it happens when it is first needed."""

    def __init__(self, world: World):
        self.world = world

    @once
    def basket(self) -> StorageState:
        """The cookies of somebody with things in the basket."""
        with self.world.person() as person:
            shopping.fill_basket(person)
            shopping.fill_basket(person, "house-espresso-blend")
            return person.context.storage_state()

    @once
    def cash_order(self) -> str:
        """The address of an order that is paid on delivery."""
        with self.world.person() as person:
            buyer = shopping.order(person, CASH)
            shopping.has_thanked(person)
            self.cash_buyer = buyer
            return person.page.url

    @once
    def entered_order(self) -> str:
        """The name of an order that staff entered."""
        return self.world.demo.enter_order()

    @once
    def waiting_order(self) -> str:
        """The address of an order that waits for its payment."""
        return self._abandoned[1]

    @once
    def payment_page(self) -> str:
        """The address of the provider's page for it."""
        return self._abandoned[0]

    @once
    def _abandoned(self) -> tuple[str, str]:
        with self.world.person() as person:
            shopping.order(person, CARD)
            paying = person.page.url
            person.press("Back to the shop without paying")
            shopping.has_thanked(person)
            return paying, person.page.url

    @once
    def paid_order(self) -> str:
        """The address of an order that is paid after a card was declined."""
        with self.world.person() as person:
            shopping.order(person, CARD)
            shopping.pay(person, "Is declined")
            shopping.pay(person, "Succeeds")
            shopping.is_paid(person)
            return person.page.url

    @once
    def mail(self) -> str:
        """The address of a mail in the mailbox."""
        assert self.cash_order
        mails = eventually(lambda: self.world.demo.mails(self.cash_buyer.email), "a mail to look at")
        return f"{self.world.demo.addresses.mailbox}/messages/{mails[0].id}"


@dataclass(frozen=True)
class PageOf:
    """A page: whose it is, its name, how one gets there, and with whose cookies."""

    area: str
    name: str
    visit: Callable[[Person, Scenes], object]
    cookies: Callable[[Scenes], StorageState | None] = lambda scenes: None
    status: int = 200

    @property
    def title(self) -> str:
        """Such as `shop product`."""
        return f"{self.area} {self.name}"


def open_path(path: str, person: Person, _: Scenes) -> None:
    person.go(path)


def _checkout_with_faults(person: Person, _: Scenes) -> None:
    person.go("/checkout")
    person.page.get_by_label("E-mail address").fill("zoe@")
    person.page.get_by_label("Postcode").fill("nowhere")
    person.press("Place the order")
    person.page.get_by_role("alert").wait_for()


def _bank(person: Person, scenes: Scenes) -> None:
    person.page.goto(scenes.payment_page + "/authenticate")


def _wide_options(person: Person, scenes: Scenes) -> None:
    open_path("/products/early-harvest-olive-oil", person, scenes)


def _outside(address: Callable[[Scenes], str], person: Person, scenes: Scenes) -> None:
    there = address(scenes)
    if not there:
        raise Missing("the demo does not have it")
    person.page.goto(there)


def _shop(name: str, path: str, cookies: Callable[[Scenes], StorageState | None] = lambda scenes: None) -> PageOf:
    return PageOf("shop", name, partial(open_path, path), cookies)


def _at(area: str, name: str, address: Callable[[Scenes], str]) -> PageOf:
    return PageOf(area, name, partial(_outside, address))


def _basket(scenes: Scenes) -> StorageState:
    return scenes.basket


SHOP = [
    _shop("home", "/"),
    _shop("category", "/categories/bakery"),
    _shop("collection", "/collections/vegan"),
    _shop("category with filters", "/categories/bakery?available=1&max=9&sort=price"),
    _shop("search", "/search?q=olive"),
    _shop("search with a mistake", "/search?q=carraway"),
    _shop("search without results", "/search?q=submarine"),
    _shop("product", "/products/rye-caraway-loaf"),
    PageOf("shop", "product with options", _wide_options),
    PageOf("shop", "not found", partial(open_path, "/products/submarine"), status=404),
    _shop("basket", "/basket", _basket),
    _shop("empty basket", "/basket"),
    _shop("checkout", "/checkout", _basket),
    PageOf("shop", "checkout with faults", _checkout_with_faults, _basket, 422),
    _at("shop", "order paid on delivery", lambda scenes: scenes.cash_order),
    _at("shop", "order waiting for payment", lambda scenes: scenes.waiting_order),
    _at("shop", "order paid", lambda scenes: scenes.paid_order),
]

WORLD = [
    _at("stripe", "payment page", lambda scenes: scenes.payment_page),
    PageOf("stripe", "3-D Secure", _bank),
    _at("stripe", "desk", lambda scenes: scenes.world.demo.addresses.stripe),
    _at("mailbox", "list", lambda scenes: scenes.world.demo.addresses.mailbox),
    _at("mailbox", "mail", lambda scenes: scenes.mail),
]


def slug(title: str) -> str:
    """A page's title as a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
