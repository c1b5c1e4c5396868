"""stripe-python, Stripe's own client, against the simulated Stripe: it creates, pays, hears and verifies."""

import concurrent.futures
import http.server
import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import stripe

from judges.findings import Findings, eventually

RETURN = "http://127.0.0.1:9/return?session={CHECKOUT_SESSION_ID}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


_browser = urllib.request.build_opener(_NoRedirect)


def visit(url: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Status, text and Location of a page, or of the answer to its form."""
    data = urllib.parse.urlencode(form).encode() if form else None
    try:
        with _browser.open(urllib.request.Request(url, data=data), timeout=20) as answer:
            return answer.status, answer.read().decode(), ""
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers.get("Location", "")


class Receiver:
    """Hears webhooks."""

    def __init__(self):
        self.heard: list[tuple[bytes, str]] = []
        self.refuses_once: str | None = None
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append((body, self.headers["Stripe-Signature"]))
                refused = json.loads(body)["type"] == receiver.refuses_once
                if refused:
                    receiver.refuses_once = None
                self.send_response(500 if refused else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/hooks"

    def types(self) -> list[str]:
        """The types of what was heard, whoever sent it."""
        return [json.loads(body)["type"] for body, _ in self.heard]

    def stop(self) -> None:
        """Hears nothing more."""
        self.server.shutdown()
        self.server.server_close()


class StripeJudge:
    """One run against one simulator."""

    def __init__(self, address: str, findings: Findings):
        self.address = address
        self.found = findings
        self.client = stripe.StripeClient(
            "sk_test_judge", base_addresses={"api": address}, max_network_retries=0)

    def session(self, client=None, key: str | None = None, **changes):
        """A Checkout Session of two loaves."""
        parameters = {
            "mode": "payment", "success_url": RETURN, "cancel_url": "http://127.0.0.1:9/basket",
            "client_reference_id": "ord_1", "metadata": {"order": "ord_1"},
            "payment_intent_data": {"metadata": {"order": "ord_1"}},
            "line_items": [
                {"quantity": 2, "price_data": {
                    "currency": "gbp", "unit_amount": 450, "product_data": {"name": "Crème brûlée"}}}],
            **changes}
        options = {"idempotency_key": key} if key else {}
        return (client or self.client).v1.checkout.sessions.create(parameters, options)

    def pay(self, session, outcome: str) -> str:
        """Posts the payment page's form; where that leads."""
        status, page, _ = visit(session.url)
        self.found.equal("the payment page", status, 200)
        self.found.that("the page offers the outcome", f'value="{outcome}"' in page)
        self.found.that("the page has no script", "<script" not in page)
        return visit(session.url, {"outcome": outcome, "email": "maya@example.com"})[2]

    def judge(self) -> None:
        """Everything."""
        receiver = Receiver()
        try:
            self.authentication()
            self.payments(receiver)
            self.declines()
            self.refunds()
            self.idempotency()
            self.errors()
            self.lists()
            self.faults(receiver)
        finally:
            receiver.stop()

    def authentication(self) -> None:
        """Keys that are none."""
        for key in ("sk_live_123456789", "nonsense"):
            stranger = stripe.StripeClient(key, base_addresses={"api": self.address}, max_network_retries=0)
            error = self.found.raises(
                f"the key {key}", stripe.AuthenticationError, lambda: stranger.v1.events.list())
            self.found.equal("its status", error and error.http_status, 401)
        other = stripe.StripeClient("sk_test_other", base_addresses={"api": self.address}, max_network_retries=0)
        mine = self.session()
        self.found.raises(
            "another account's session", stripe.InvalidRequestError,
            lambda: other.v1.checkout.sessions.retrieve(mine.id))

    def payments(self, receiver: Receiver) -> None:
        """Paid with and without 3-D Secure, told by signed webhooks."""
        endpoint = self.client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]})
        self.found.that("the secret of the endpoint", endpoint.secret.startswith("whsec_"))
        listed = self.client.v1.webhook_endpoints.retrieve(endpoint.id)
        self.found.that("the secret is told once", "secret" not in listed)
        session = self.session()
        self.found.equal("the amount", (session.amount_total, session.currency), (900, "gbp"))
        self.found.equal("the state", (session.status, session.payment_status), ("open", "unpaid"))
        leads = self.pay(session, "success")
        self.found.equal("success leads", leads, RETURN.replace("{CHECKOUT_SESSION_ID}", session.id))
        paid = self.client.v1.checkout.sessions.retrieve(
            session.id, {"expand": ["payment_intent.latest_charge", "line_items"]})
        self.found.equal("the state", (paid.status, paid.payment_status), ("complete", "paid"))
        self.found.equal("the intent", paid.payment_intent.status, "succeeded")
        self.found.equal("its metadata", paid.payment_intent.metadata["order"], "ord_1")
        self.found.that("the charge", paid.payment_intent.latest_charge.paid)
        self.found.equal("the lines", [line.description for line in paid.line_items.data], ["Crème brûlée"])
        expected = {
            "payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"}
        self.found.that("the events", eventually(lambda: expected <= set(receiver.types())))
        for body, signature in list(receiver.heard):
            event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
            self.found.equal("the event", self.client.v1.events.retrieve(event.id).type, event.type)
        body, signature = receiver.heard[0]
        self.found.raises(
            "another secret", stripe.SignatureVerificationError,
            lambda: stripe.Webhook.construct_event(body, signature, "whsec_other"))
        self.found.raises(
            "another body", stripe.SignatureVerificationError,
            lambda: stripe.Webhook.construct_event(body + b" ", signature, endpoint.secret))
        self.found.equal("a second payment leads", visit(session.url, {"outcome": "success"})[2], leads)

        secure = self.session()
        step = urllib.parse.urljoin(self.address, self.pay(secure, "authenticate"))
        self.found.equal("the bank's page", visit(step)[0], 200)
        self.found.equal("failing leads", visit(step, {"outcome": "fail"})[2], f"/pay/{secure.id}")
        self.found.that("it says why", "unable to authenticate" in visit(secure.url)[1])
        self.pay(secure, "authenticate")
        self.found.that("approving leads home", secure.id in visit(step, {"outcome": "approve"})[2])
        secured = self.client.v1.checkout.sessions.retrieve(secure.id)
        self.found.equal("the state", secured.payment_status, "paid")

        # One that is not taken comes again; one endpoint that is deleted hears nothing.
        receiver.refuses_once = "customer.created"
        customer = self.client.v1.customers.create({"email": "maya@example.com", "name": "Maya"})
        self.found.that("sent again", eventually(lambda: receiver.types().count("customer.created") == 2))
        self.client.v1.customers.update(customer.id, {"name": "Zoë", "metadata": {"a": "1"}})
        self.found.equal("the customer", self.client.v1.customers.retrieve(customer.id).name, "Zoë")
        self.found.that("deleted", self.client.v1.customers.delete(customer.id).deleted)
        self.endpoint = endpoint

    def declines(self) -> None:
        """Every code, abandoning, and expiring."""
        messages = {
            "card_declined": "card_declined", "insufficient_funds": "card_declined", "expired_card": "expired_card",
            "incorrect_cvc": "incorrect_cvc", "processing_error": "processing_error"}
        session = self.session()
        for outcome, code in messages.items():
            self.found.equal(f"{outcome} leads", self.pay(session, outcome), f"/pay/{session.id}")
            now = self.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
            self.found.equal(f"{outcome}", now.payment_intent.last_payment_error.code, code)
            self.found.equal("the session", (now.status, now.payment_status), ("open", "unpaid"))
        self.found.equal("abandoning leads", self.pay_none(session), "http://127.0.0.1:9/basket")
        self.found.that("declined, then approved", session.id in self.pay(session, "success"))
        card = self.found.raises(
            "a declined card", stripe.CardError, lambda: self.client.v1.payment_intents.create({
                "amount": 900, "currency": "gbp", "confirm": True, "payment_method": "pm_card_chargeDeclined"}))
        self.found.equal("its code", card and (card.code, card.http_status), ("card_declined", 402))
        ended = self.client.v1.checkout.sessions.expire(self.session().id)
        self.found.equal("expired", ended.status, "expired")
        self.found.raises(
            "expired twice", stripe.InvalidRequestError,
            lambda: self.client.v1.checkout.sessions.expire(ended.id))
        self.found.equal("its page", visit(f"{self.address}/pay/{ended.id}")[0], 410)

    def pay_none(self, session) -> str:
        """Goes back to the shop."""
        return visit(session.url, {"outcome": "abandon"})[2]

    def refunds(self) -> None:
        """In parts, and no more than was paid."""
        intent = self.client.v1.payment_intents.create(
            {"amount": 900, "currency": "gbp", "confirm": True, "payment_method": "pm_card_visa"})
        self.found.equal("the intent", intent.status, "succeeded")
        refunds = self.client.v1.refunds
        self.found.equal(
            "a refund", refunds.create({"payment_intent": intent.id, "amount": 300}).status, "succeeded")
        self.found.raises(
            "too much", stripe.InvalidRequestError,
            lambda: refunds.create({"payment_intent": intent.id, "amount": 601}))
        self.found.equal("the rest", refunds.create({"payment_intent": intent.id}).amount, 600)
        error = self.found.raises(
            "nothing is left", stripe.InvalidRequestError, lambda: refunds.create({"payment_intent": intent.id}))
        self.found.equal("its code", error and error.code, "charge_already_refunded")
        self.found.that("the charge", self.client.v1.charges.retrieve(intent.latest_charge).refunded)

    def idempotency(self) -> None:
        """Same again, something else, and at once."""
        first = self.session(key="once")
        again = self.session(key="once")
        self.found.equal("same again", again.id, first.id)
        self.found.equal("replayed", again.last_response.headers.get("Idempotent-Replayed"), "true")
        self.found.equal("the first was not", first.last_response.headers.get("Idempotent-Replayed"), None)
        error = self.found.raises(
            "something else", stripe.IdempotencyError, lambda: self.session(key="once", client_reference_id="ord_2"))
        self.found.equal("its status", error and error.http_status, 400)
        self.found.raises(
            "what was refused", stripe.InvalidRequestError, lambda: self.session(key="mended", mode="nonsense"))
        self.found.that("may be mended", self.session(key="mended").id)
        self.fault({"kind": "slow", "seconds": 1})
        with concurrent.futures.ThreadPoolExecutor() as pool:
            slow = pool.submit(self.session, key="twin")
            time.sleep(0.3)
            error = self.found.raises("at once", stripe.APIError, lambda: self.session(key="twin"))
            self.found.equal("its status", error and error.http_status, 409)
            first = slow.result()
            self.found.equal("afterwards", self.session(key="twin").id, first.id)

    def errors(self) -> None:
        """As stripe-python's classes, with the parameter at fault."""
        claims = {
            "line_items": {"line_items": []}, "mode": {"mode": ""}, "success_url": {"success_url": "javascript:1"},
            "colour": {"colour": "red"}, "expires_at": {"expires_at": int(time.time()) + 60},
            "line_items[0][price_data][currency]": {"line_items": [{"quantity": 1, "price_data": {
                "currency": "xxx", "unit_amount": 1, "product_data": {"name": "x"}}}]},
            "customer": {"customer": "cus_none"}}
        for parameter, changes in claims.items():
            error = self.found.raises(
                f"a wrong {parameter}", stripe.InvalidRequestError, lambda changes=changes: self.session(**changes))
            self.found.equal("its status", error and error.http_status, 400)
            self.found.equal("its parameter", error and error.param, parameter)
            self.found.that("its request", error and (error.request_id or "").startswith("req_"))
        missing = self.found.raises(
            "an unknown session", stripe.InvalidRequestError,
            lambda: self.client.v1.checkout.sessions.retrieve("cs_test_none"))
        self.found.equal("its code", missing and (missing.http_status, missing.code), (404, "resource_missing"))
        self.fault({"kind": "rate_limit"})
        self.found.raises("429", stripe.RateLimitError, lambda: self.client.v1.events.list())
        self.fault({"kind": "server_error"})
        self.found.raises("500", stripe.APIError, lambda: self.client.v1.events.list())

    def lists(self) -> None:
        """Pages, forwards."""
        ids = [self.client.v1.customers.create({"name": str(number)}).id for number in range(5)]
        page = self.client.v1.customers.list({"limit": 2})
        self.found.equal("the newest first", [one.id for one in page.data], ids[:2:-1])
        self.found.that("there is more", page.has_more)
        all_of_them = [one.id for one in self.client.v1.customers.list({"limit": 2}).auto_paging_iter()]
        self.found.equal("all of them", all_of_them[:5], ids[::-1])
        events = self.client.v1.events.list({"type": "customer.created", "limit": 100})
        self.found.that("by type", {event.type for event in events.data} == {"customer.created"})
        self.found.raises("limit", stripe.InvalidRequestError, lambda: self.client.v1.events.list({"limit": 101}))

    def faults(self, receiver: Receiver) -> None:
        """Webhooks that come twice, late, in reverse, forged or not at all; answers that never come."""
        def heard(kind: str, names: list[str], least: int, **fault) -> list[str]:
            eventually(lambda: not self.waiting())
            receiver.heard.clear()
            self.fault({"kind": kind, **fault})
            for name in names:
                self.client.v1.customers.create({"name": name})
            eventually(lambda: len(receiver.heard) >= least and not self.waiting())
            return [json.loads(body)["data"]["object"]["name"] for body, _ in receiver.heard]

        self.found.equal("twice", heard("duplicate", ["a"], 2), ["a", "a"])
        self.found.equal("reversed", heard("reorder", ["a", "b"], 2, count=2), ["b", "a"])
        self.found.equal("late", heard("delay", ["a", "b"], 2, seconds=0.5), ["b", "a"])
        self.found.equal("dropped", heard("drop", ["a", "b"], 1), ["b"])
        self.found.equal("forged", heard("forge", ["a"], 2), ["a", "a"])
        body, signature = receiver.heard[0]
        self.found.raises(
            "the forged one", stripe.SignatureVerificationError,
            lambda: stripe.Webhook.construct_event(body, signature, self.endpoint.secret))
        body, signature = receiver.heard[1]
        self.found.that(
            "the genuine one", stripe.Webhook.construct_event(body, signature, self.endpoint.secret))
        self.fault({"kind": "timeout_after_success", "seconds": 0})
        self.found.raises("no answer", stripe.APIConnectionError, lambda: self.session(key="cut"))
        again = self.session(key="cut")
        self.found.equal("it had succeeded", again.last_response.headers.get("Idempotent-Replayed"), "true")
        self.found.that("the page of everything", re.search("Simulated Stripe", visit(self.address + "/")[1]))

    def fault(self, fault: dict) -> None:
        """Lets the next call or webhook go wrong."""
        request = urllib.request.Request(
            f"{self.address}/_faults", data=json.dumps(fault).encode(), headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            self.found.equal("a fault", answer.status, 200)

    def waiting(self) -> bool:
        """Whether webhooks are under way."""
        with urllib.request.urlopen(f"{self.address}/_deliveries", timeout=20) as answer:
            return any(one["status"] == "waiting" for one in json.load(answer)["data"])


def judge(address: str) -> bool:
    """Whether the simulated Stripe at an address passed."""
    findings = Findings("stripe-python")
    started = time.monotonic()
    StripeJudge(address, findings).judge()
    return findings.report(time.monotonic() - started)
