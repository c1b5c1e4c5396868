"""aiosmtpd, a mail server that others wrote, hears the program's mails; Python's email package reads them."""

import datetime
import email
import email.policy
import logging
import ssl
import time
import warnings
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from judges.findings import Findings, eventually
from rig.installation import Installation, temporary_folder
from rig.ports import free_port

USER, PASSWORD = "shop", "geheim-&-lang"
TITLE = "Crème brûlée, 日本茶 & <b>dots</b>"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that nobody else knows, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256()))
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return files


class Post:
    """What the server hears, and what it answers first."""

    def __init__(self, is_encrypted: bool):
        """`is_encrypted` tells that no connection begins in the clear; of STARTTLS the session tells itself."""
        self.is_encrypted = is_encrypted
        self.envelopes = []
        self.refusals: list[str] = []

    async def handle_DATA(self, _server, session, envelope):
        """One mail."""
        if self.refusals:
            return self.refusals.pop(0)
        self.envelopes.append((envelope, self.is_encrypted or session.ssl is not None, session.authenticated))
        return "250 2.0.0 Taken"

    def authenticate(self, _server, _session, _envelope, _mechanism, data):
        """Name and password."""
        good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=good)

    def named(self, words: str) -> list:
        """The mails with these words in the subject."""
        return [entry for entry in self.envelopes if words in str(self.read(entry[0])["Subject"])]

    @staticmethod
    def read(envelope):
        """The mail as Python's email package understands it."""
        return email.message_from_bytes(envelope.original_content, policy=email.policy.SMTPUTF8)


def controller(post: Post, files: tuple[Path, Path], *, implicit: bool, offers_tls: bool = True) -> Controller:
    """A server that takes nothing unencrypted and nothing from strangers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    options = {"authenticator": post.authenticate, "auth_required": True, "enable_SMTPUTF8": True}
    if implicit:
        return Controller(
            post, hostname="127.0.0.1", port=free_port(), ssl_context=context, auth_require_tls=False, **options)
    if not offers_tls:
        return Controller(post, hostname="127.0.0.1", port=free_port(), auth_require_tls=False, **options)
    return Controller(
        post, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True, **options)


def judge_mails(post: Post, url: str, files: tuple[Path, Path], program: Path, found: Findings) -> None:
    """Orders, and what their customers read."""
    with temporary_folder() as folder, Installation(program, "sqlite", folder) as installation:
        environment = {
            "SHIPSHAPE_SMTP_URL": url, "SHIPSHAPE_SMTP_FROM": "orders@shop.example",
            "SHIPSHAPE_SMTP_CA_FILE": str(files[0]), "SHIPSHAPE_PUBLIC_URL": "https://shop.example"}
        installation.program.environment.update(environment)
        shop = installation.create("GBP")
        server = installation.serve()
        # One that is refused for now comes again; one that is refused for good does not.
        post.refusals = ["451 4.3.0 Later"]
        order = place(shop, server.port, "zoë@example.com")
        got = eventually(lambda: post.named("Your order"), within_seconds=60)
        found.equal("the mails", len(got), 1)
        if not got:
            print(installation.rows("SELECT status, attempts, error FROM messages"), server.tail())
            return
        check(got[0], order, found)
        with shop.staff(server.port) as staff:
            staff.expect(
                201, "POST", f"/api/v1/orders/{order['id']}/fulfillments", {"tracking_number": ".GB 123"}, key="f1")
        parcel = eventually(lambda: post.named("on its way"))
        found.equal("the parcel's mails", len(parcel), 1)
        post.refusals = ["554 5.7.1 Never"]
        place(shop, server.port, "otto@example.com")
        failed = "SELECT COUNT(*) FROM messages WHERE status = 'failed' AND attempts = 1"
        found.that("refused for good", eventually(lambda: installation.number(failed) == 1))
        statuses = sorted(row[0] for row in installation.rows("SELECT status FROM messages"))
        found.equal("what became of them", statuses, ["failed", "sent", "sent"])


def place(shop, port: int, address: str) -> dict:
    """Lets a customer order."""
    with shop.staff(port) as staff, shop.buyer(port) as buyer:
        product = staff.expect(201, "POST", "/api/v1/products", {
            "title": TITLE, "status": "active",
            "variants": [{"sku": address, "price": {"amount": 123450, "currency": "GBP"}}]})
        checkout = buyer.expect(201, "POST", "/api/v1/checkouts", {
            "lines": [{"variant_id": product["variants"][0]["id"], "quantity": 2}], "email": address,
            "shipping_address": {
                "name": "Zoë Wölfle", "line1": ".. 3 Quay Row", "city": "Leith", "country": "GB"}})
        return buyer.expect(
            201, "POST", f"/api/v1/checkouts/{checkout['id']}/order", {"payment_method": "cash_on_delivery"},
            key=address.replace("ë", "e"))["order"]


def check(entry, order: dict, found: Findings) -> None:
    """One mail, byte by byte where it matters."""
    envelope, is_encrypted, is_authenticated = entry
    found.that("encrypted", is_encrypted)
    found.that("signed in", is_authenticated)
    found.equal("the sender", envelope.mail_from, "orders@shop.example")
    found.equal("the recipient", envelope.rcpt_tos, ["zoë@example.com"])
    raw = envelope.original_content
    found.that("lines end as they have to", b"\n" not in raw.replace(b"\r\n", b""))
    found.that("no line is too long", max(len(line) for line in raw.split(b"\r\n")) <= 78)
    mail = Post.read(envelope)
    found.equal("defects", [str(one) for part in mail.walk() for one in part.defects], [])
    found.equal("the subject", str(mail["Subject"]), f"Your order {order['number']} at Measured")
    found.equal("from", str(mail["From"]), "Measured <orders@shop.example>")
    # Python keeps bytes beyond ASCII in headers as surrogates.
    address = mail["To"].addresses[0].addr_spec.encode("utf-8", "surrogateescape").decode()
    found.equal("to", address, "zoë@example.com")
    found.that("the id", mail["Message-ID"].startswith("<msg_") and mail["Message-ID"].endswith("@shop.example>"))
    found.that("the date", abs(mail["Date"].datetime.timestamp() - time.time()) < 300)
    found.equal("the type", mail.get_content_type(), "multipart/alternative")
    parts = [part.get_content_type() for part in mail.iter_parts()]
    found.equal("the parts", parts, ["text/plain", "text/html"])
    text, html = (part.get_content() for part in mail.iter_parts())
    found.that("the title", f"2 × {TITLE}" in text)
    found.that("the amount", "£2,469.00" in text)
    found.that("lines with dots", "\n.. 3 Quay Row\n" in text.replace("\r\n", "\n"))
    found.that("the link", f"https://shop.example/orders/{order['id']}/ot_" in text)
    found.that("escaped", "&lt;b&gt;dots&lt;/b&gt;" in html and "<b>dots" not in html)


warnings.filterwarnings("ignore", module="aiosmtpd")
logging.getLogger("mail.log").setLevel(logging.ERROR)


def judge(program: Path) -> bool:
    """Whether the program's mails passed."""
    found = Findings("aiosmtpd")
    started = time.monotonic()
    with temporary_folder() as folder:
        files = certificate(folder)
        for scheme, implicit in (("smtp", False), ("smtps", True)):
            post = Post(implicit)
            server = controller(post, files, implicit=implicit)
            server.start()
            try:
                port = server.port
                secret = PASSWORD.replace("&", "%26")
                judge_mails(post, f"{scheme}://{USER}:{secret}@localhost:{port}", files, program, found)
            finally:
                server.stop()
    return found.report(time.monotonic() - started)
