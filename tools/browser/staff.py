"""Staff at work on the dashboard in a second browser, while buyers buy in the first."""

import contextlib
import re
import struct
import zlib
from collections.abc import Iterator
from functools import partial

from browser import shopping
from browser.checks import Check
from browser.demo import Missing
from browser.pages import PageOf, Scenes, open_path
from browser.rig import Person, World
from browser.wire import Wire
from playwright.sync_api import Locator, expect


@contextlib.contextmanager
def at_work(world: World, has_scripts: bool = True, view: str = "desk") -> Iterator[Person]:
    """Somebody who is signed in."""
    with world.person(view, has_scripts, world.staff_session) as person:
        yield person


def row(person: Person, name: str) -> Locator:
    """The order's row in the list."""
    return person.page.get_by_role("row").filter(has=person.page.get_by_role("link", name=name, exact=True))


def order_name(buyer: Person) -> str:
    """What the order is called on its buyer's page."""
    shopping.has_thanked(buyer)
    found = re.search(r"Order (\S+), placed", buyer.page.get_by_role("main").inner_text())
    assert found, "the order's page does not say what the order is called"
    return found.group(1)


def _signs_in(world: World) -> None:
    link = world.demo.addresses.sign_in
    if not link:
        raise Missing("the demo prints no link to sign in")
    with world.person() as person:
        person.go("/dashboard")
        expect(person.page).to_have_url(re.compile("/dashboard/sign-in"))
        person.page.goto(link)
        person.press("Sign in")
        expect(person.page.get_by_role("heading", name="Orders", exact=True)).to_be_visible()
        with world.person() as thief, thief.expecting(410):
            thief.page.goto(link)
            thief.sees("This link does not work any more.")
        person.press("Sign out")
        person.sees("You are signed out.")
        person.go("/dashboard")
        expect(person.page).to_have_url(re.compile("/dashboard/sign-in"))


def _sells(has_scripts: bool, world: World) -> None:
    with at_work(world, has_scripts) as staff, world.person("phone", has_scripts) as buyer:
        staff.go("/dashboard")
        expect(staff.page.get_by_role("heading", name="Orders", exact=True)).to_be_visible()
        _mark(staff)
        customer = shopping.order(buyer, shopping.CASH)
        name = order_name(buyer)
        if not has_scripts:
            staff.page.reload()
        expect(row(staff, name)).to_contain_text("Zoë")
        _is_unmoved(staff)
        staff.page.get_by_role("link", name=name, exact=True).click()
        expect(staff.page.get_by_role("heading", name=f"Order {name}")).to_be_visible()
        staff.sees("Order placed")
        staff.press("Mark as sent")
        staff.sees("The units are marked as on their way.")
        staff.sees("Units sent")
        buyer.sees("On its way", exactly=True)
        shopping.mail(buyer, customer, shopping.ON_ITS_WAY)


def _sees_payment(world: World) -> None:
    with at_work(world) as staff, world.person() as buyer:
        shopping.order(buyer, shopping.CARD)
        paying = buyer.page.url
        buyer.press("Back to the shop without paying")
        name = order_name(buyer)
        staff.go("/dashboard")
        staff.page.get_by_role("link", name=name, exact=True).click()
        expect(staff.page.get_by_role("heading", name=f"Order {name}")).to_be_visible()
        staff.page.get_by_label("Tags").fill("half-typed")
        _mark(staff)
        buyer.page.goto(paying)
        shopping.pay(buyer, "Succeeds")
        shopping.is_paid(buyer)
        timeline = staff.page.get_by_role("listitem").filter(has_text=re.compile("^Paid"))
        expect(timeline.first).to_be_visible()
        _is_unmoved(staff)
        expect(staff.page.get_by_label("Tags")).to_have_value("half-typed")


def _catches_up(world: World) -> None:
    """The connection is cut, an order comes meanwhile, the connection is back: the order is there."""
    with Wire(world.demo.port) as wire, at_work(world) as staff:
        staff.page.goto(f"{wire.address}/dashboard")
        live = staff.page.get_by_text("Live", exact=True)
        expect(live).to_be_visible()
        _mark(staff)
        with staff.unwatched():
            wire.cut()
            reference = world.demo.enter_order()
            expect(staff.page.get_by_text("This page is not up to date.")).to_be_visible()
            assert staff.page.get_by_text(reference).count() == 0, "the wire was not cut"
            wire.mend()
            expect(row(staff, reference)).to_be_visible(timeout=60_000)
            expect(staff.page.get_by_text("This page is not up to date.")).to_be_hidden()
        _is_unmoved(staff)


def _buyer_catches_up(world: World) -> None:
    """The same for the buyer's page of an order."""
    with Wire(world.demo.port) as wire, at_work(world) as staff, world.person() as buyer:
        shopping.order(buyer, shopping.CASH)
        name = order_name(buyer)
        buyer.page.goto(buyer.page.url.replace(world.demo.addresses.shop, wire.address))
        _mark(buyer)
        with buyer.unwatched():
            wire.cut()
            staff.go("/dashboard")
            staff.page.get_by_role("link", name=name, exact=True).click()
            staff.press("Mark as sent")
            staff.sees("The units are marked as on their way.")
            wire.mend()
            expect(buyer.page.get_by_role("main").get_by_text("On its way", exact=True).first).to_be_visible(
                timeout=60_000)
        _is_unmoved(buyer)


def _filters(has_scripts: bool, world: World) -> None:
    with at_work(world, has_scripts) as staff:
        name = world.demo.enter_order()
        staff.go("/dashboard")
        staff.page.get_by_label("Fulfilment").select_option(label="Unfulfilled")
        staff.page.get_by_label(re.compile("^Number")).fill("sam@example.com")
        staff.press("Filter")
        expect(staff.page).to_have_url(re.compile(r"[?&]fulfillment=unfulfilled"))
        expect(row(staff, name)).to_be_visible()
        staff.page.get_by_label(re.compile("^Number")).fill("nobody@example.com")
        staff.press("Filter")
        staff.sees("No order matches")


def _cancels(has_scripts: bool, world: World) -> None:
    with at_work(world, has_scripts, "phone") as staff:
        name = world.demo.enter_order()
        staff.go("/dashboard")
        staff.page.get_by_role("link", name=name, exact=True).click()
        staff.page.get_by_text("Cancel this order").click()
        staff.page.get_by_label("Reason").fill("The oven is cold.")
        staff.press("Cancel order")
        staff.sees("The order is canceled.")
        staff.sees("The oven is cold.")


def _uploads_image(has_scripts: bool, world: World) -> None:
    # An image of its own for each way, so that neither finds that of the other.
    picture = {"name": "loaf.png", "mimeType": "image/png", "buffer": _png(7 if has_scripts else 5)}
    words = "A loaf, cut open" if has_scripts else "A loaf, whole"
    with at_work(world, has_scripts) as staff:
        _first("/dashboard/products", re.compile("Seeded crackers"), staff, Scenes(world))
        with staff.expecting(422):
            staff.page.get_by_label("What it shows").fill(words)
            staff.press("Add the image")
            staff.sees("Choose an image that is not empty.")
        expect(staff.page.get_by_label("What it shows")).to_have_value(words)
        staff.page.get_by_label("Another image").set_input_files([picture])
        staff.press("Add the image")
        staff.sees("The product is saved.")
        shown = staff.page.get_by_role("img", name=words)
        expect(shown).to_be_visible()
        staff.press("Earlier image 2")
        staff.sees("The product is saved.")
        expect(staff.page.get_by_label("What image 1 shows")).to_have_value(words)
        staff.press("Remove image 1")
        staff.sees("The product is saved.")
        expect(shown).to_have_count(0)


def _makes_product(has_scripts: bool, world: World) -> None:
    title = "Fig jam" if has_scripts else "Plum jam"
    with at_work(world, has_scripts, "phone") as staff:
        staff.go("/dashboard/products")
        staff.page.get_by_role("link", name="New product").click()
        with staff.expecting(422):
            staff.page.get_by_label("Title", exact=True).fill(title)
            staff.press("Add the product")
            staff.sees("give a price such as")
        expect(staff.page.get_by_label("Title", exact=True)).to_have_value(title)
        staff.page.get_by_label("Status").select_option(label="Active")
        staff.page.get_by_label(re.compile("^Price")).fill("4.20")
        staff.page.get_by_text("Categories", exact=True).last.click()
        staff.page.get_by_label("Pantry", exact=True).check()
        staff.page.get_by_label("Units in the house").fill("12")
        staff.page.get_by_text("Options, such as size or colour").click()
        staff.page.get_by_label(re.compile("^Option 1")).fill("Jar")
        staff.page.get_by_label("Values of option 1").fill("Small\nLarge")
        staff.press("Add the product")
        staff.sees("The product is saved.")
        staff.sees("Small, in")
        staff.page.get_by_text("Options", exact=True).click()
        with staff.expecting(422):
            staff.page.get_by_label("Values of option 1").fill("Large\nGiant")
            staff.press(re.compile("^Save$"))
            staff.sees("This removes Small (12 in the house, 0 promised), and their stock.")
        staff.page.get_by_label("Remove these variants and their stock").check()
        staff.press(re.compile("^Save$"))
        staff.sees("Giant, in")
        expect(staff.page.get_by_text("Small, in")).to_have_count(0)
        address = staff.page.get_by_label("Address").input_value()
        staff.go(f"/products/{address}")
        staff.sees(title)
        staff.page.go_back()
        staff.page.get_by_label("Remove it and its stock").check()
        staff.press("Remove the product")
        staff.sees("It is removed.")


def _png(side: int) -> bytes:
    """A grey square, whose bytes are its own."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * side for _ in range(side)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _mark(person: Person) -> None:
    if person.has_scripts:
        person.page.evaluate("window.isTheSame = true")


def _is_unmoved(person: Person) -> None:
    if person.has_scripts:
        assert person.page.evaluate("window.isTheSame"), "the page was loaded again instead of changing by itself"


def checks() -> list[Check]:
    """All of them."""
    found = [
        Check("staff, sign-in by the printed link", _signs_in),
        Check("staff, an order is paid while its page is open", _sees_payment),
        Check("staff, a dropped stream catches up", _catches_up),
        Check("buyer, a dropped stream catches up", _buyer_catches_up)]
    for has_scripts in (True, False):
        words = "" if has_scripts else ", no scripts"
        found += [
            Check(f"staff, an order arrives and is sent{words}", partial(_sells, has_scripts)),
            Check(f"staff, filters stand in the address{words}", partial(_filters, has_scripts)),
            Check(f"staff, an order is canceled{words}", partial(_cancels, has_scripts)),
            Check(f"staff, an image is uploaded{words}", partial(_uploads_image, has_scripts)),
            Check(f"staff, a product is made and removed{words}", partial(_makes_product, has_scripts))]
    return found


def _page(name: str, path: str) -> PageOf:
    return PageOf("dashboard", name, partial(open_path, path), lambda scenes: scenes.world.staff_session)


def _first(path: str, link: re.Pattern[str], person: Person, scenes: Scenes) -> None:
    """The page behind the first link of a list."""
    assert scenes.entered_order
    open_path(path, person, scenes)
    with person.page.expect_navigation():
        person.page.get_by_role("row").get_by_role("link", name=link).first.click()


def _report(person: Person, scenes: Scenes) -> None:
    """The report on a file that changes nothing, of which one row cannot be imported."""
    open_path("/dashboard/imports", person, scenes)
    rows = b"Handle,Title,Variant Price\nnew-jam,New jam,4.20\nno-price,No price,\n"
    person.page.get_by_label("CSV file").set_input_files(
        [{"name": "new.csv", "mimeType": "text/csv", "buffer": rows}])
    person.page.get_by_label("What to do").select_option(label="Only say what would be done")
    person.press("Upload")
    person.sees("A new product needs a variant with a price.")
    # What moves while an import runs is no shift of the page that it leaves.
    person.page.reload()


def _refused_product(person: Person, scenes: Scenes) -> None:
    """A product's page with everything of a variant open and something wrong in it."""
    _first("/dashboard/products", re.compile("Country sourdough"), person, scenes)
    person.page.get_by_text("SKU, weight and tax of Half").click()
    person.page.get_by_label("Weight").first.fill("heavy")
    person.press(re.compile("^Save$"))
    person.page.get_by_role("alert").wait_for()


def _behind(name: str, path: str, link: str = "") -> PageOf:
    visit = partial(_first, path, re.compile(link))
    return PageOf("dashboard", name, visit, lambda scenes: scenes.world.staff_session)


PAGES = [
    PageOf("dashboard", "sign-in", partial(open_path, "/dashboard/sign-in")),
    PageOf("dashboard", "spent link", partial(open_path, "/dashboard/sign-in/spent"), status=410),
    _behind("order", "/dashboard"),
    _page("orders", "/dashboard"),
    _page("no orders", "/dashboard?q=nobody@example.com"),
    _page("products", "/dashboard/products"),
    _page("new product", "/dashboard/products/new"),
    _page("taxes", "/dashboard/taxes"),
    _page("tax zone", "/dashboard/taxes/zone"),
    _behind("product", "/dashboard/products", "Country sourdough"),
    PageOf(
        "dashboard", "product with faults", _refused_product, lambda scenes: scenes.world.staff_session, 422),
    _page("imports", "/dashboard/imports"),
    PageOf("dashboard", "report of an import", _report, lambda scenes: scenes.world.staff_session),
    _page("categories", "/dashboard/categories"),
    _behind("category", "/dashboard/categories", "Bread"),
    _page("collections", "/dashboard/collections"),
    _behind("collection", "/dashboard/collections", "Vegan"),
    _page("redirects", "/dashboard/redirects"),
    _page("stock", "/dashboard/stock"),
    _behind("stock of a variant", "/dashboard/stock"),
    _page("history of stock", "/dashboard/stock/history"),
    _page("incoming stock", "/dashboard/stock/incoming"),
    _page("transfers", "/dashboard/stock/transfers"),
    _page("counts", "/dashboard/stock/counts"),
    _page("locations", "/dashboard/stock/locations"),
    _page("price lists", "/dashboard/price-lists"),
    _behind("price list", "/dashboard/price-lists", "Cafés"),
    _page("currencies", "/dashboard/currencies"),
    _page("customers", "/dashboard/customers"),
    _page("customer groups", "/dashboard/customer-groups"),
    _page("delivery", "/dashboard/delivery"),
    _page("delivery settings", "/dashboard/delivery/settings"),
    _page("delivery method", "/dashboard/delivery/methods/standard"),
    _page("new delivery zone", "/dashboard/delivery/zones/new"),
    _page("new pickup location", "/dashboard/delivery/locations/new"),
    _page("search", "/dashboard/search"),
    _page("jobs", "/dashboard/jobs"),
    _page("webhooks", "/dashboard/webhooks"),
    PageOf(
        "dashboard", "not found", partial(open_path, "/dashboard/orders/ord_00000000000000000000000000"),
        lambda scenes: scenes.world.staff_session, 404),
]
