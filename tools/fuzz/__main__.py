"""Tests the running interface against its own OpenAPI document with schemathesis.

Serves a fresh database of each engine, puts one of each thing into it, has the document validated, and has requests
generated from it: valid ones, which must be accepted, and invalid ones, which must be refused as documented. Any
server error, any answer that the document does not describe and any missing authorisation check is a failure.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

# The path has to be set before.
from rig import processes  # noqa: E402
from rig.installation import ENGINES, Installation, Shop, temporary_folder  # noqa: E402
from rig.postgres import Cluster  # noqa: E402
from rig.program import Server, interruptible  # noqa: E402

STATE = Path(__file__).resolve().parent.parent.parent / ".shipshape"
PYTHON = STATE / "tools" / "python" / "bin"
REPORTS = STATE / "fuzz"

# Bodies are limited to 1 MiB and a few requests run at a time, so nothing that is sent may make the server larger.
MOST_MEGABYTES = 300


def put_things_in(shop: Shop, port: int) -> dict[str, str]:
    """Creates one of each thing; returns identifiers by the name of the thing."""
    price = {"amount": 500, "currency": "USD"}
    with shop.staff(port) as staff, shop.buyer(port) as buyer:
        product = staff.expect(
            201, "POST", "/api/v1/products",
            {"title": "Crème brûlée", "status": "active", "variants": [{"sku": "BRULEE", "price": price}]})
        variant = product["variants"][0]["id"]
        staff.expect(200, "PUT", f"/api/v1/variants/{variant}/stock", {"on_hand": 1_000_000})
        lines = [{"variant_id": variant, "quantity": 2}]
        checkout = buyer.expect(201, "POST", "/api/v1/checkouts", {"lines": lines})
        order = staff.expect(
            201, "POST", "/api/v1/orders",
            {"lines": [dict(lines[0], unit_price=price)], "payment_method": "cash_on_delivery"}, key="fuzz-1")
    return {
        "product": product["id"], "variant": variant, "checkout": checkout["id"],
        "order": order.get("order", order)["id"]}


def path_parameters(document: dict, things: dict[str, str]) -> dict[str, str]:
    """The document's path parameters that name a thing, with the identifier of the one that exists."""
    names = {
        parameter["name"]
        for item in document["paths"].values()
        for holder in (item, *(item.get(method, {}) for method in ("get", "post", "put", "patch", "delete")))
        for parameter in holder.get("parameters", [])
        if parameter.get("in") == "path"
    }
    return {name: things[thing] for name in sorted(names) for thing in things if name in (thing, f"{thing}_id")}


def write_configuration(path: Path, parameters: dict[str, str], shop: Shop) -> None:
    """The keys stand here and not in the arguments, which every process can read."""
    keys = {"Authorization": f"Bearer {shop.secret}", "Shipshape-Key": shop.publishable}
    # A request that the document allows may meet a state or break a rule; expectations.py looks at the reasons.
    accepted = ["2xx", 401, 403, 404, 409, 410, 422]
    # A value far too long in an address is refused with its head, before anybody looks at it.
    refused = [400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422, 428, 429, 431]
    lines = [
        f"hooks = {json.dumps(str(Path(__file__).with_name('expectations.py')))}", "[checks.positive_data_acceptance]",
        f"expected-statuses = {json.dumps(accepted)}", "[checks.negative_data_rejection]",
        f"expected-statuses = {json.dumps(refused)}", "[headers]"]
    lines += [f"{json.dumps(name)} = {json.dumps(value)}" for name, value in keys.items()]
    lines += ["[parameters]"]
    lines += [f"{json.dumps('path.' + name)} = {json.dumps(value)}" for name, value in parameters.items()]
    path.write_text("\n".join(lines) + "\n")


def generate(server: Server, configuration: Path, options: argparse.Namespace, name: str) -> bool:
    """Whether a run of generated requests found nothing."""
    print(f"==> {name}", file=sys.stderr, flush=True)
    finished = subprocess.run(
        [
            PYTHON / "schemathesis", "--config-file", configuration, "run", f"{server.address}/api/v1/openapi.json",
            # A stream has no end to wait for.
            "--exclude-path", "/api/v1/events",
            "--checks", "all", "--phases", "examples,coverage,fuzzing", "--max-examples", str(options.examples),
            "--seed", str(options.seed), "--generation-database", "none",
            "--continue-on-failure", "--suppress-health-check", "all", "--request-timeout", "30",
            "--warnings", "off", "--no-color",
            "--report", "junit", "--report-junit-path", REPORTS / f"{name.replace(' ', '-')}.xml",
        ],
        cwd=REPORTS, check=False)
    return finished.returncode == 0


def fuzz(engine: str, folder: Path, cluster: Cluster | None, options: argparse.Namespace) -> bool:
    """Whether the interface on one engine passed."""
    with Installation(options.program, engine, folder, cluster) as installation:
        shop = installation.create("USD")
        server = installation.serve()
        # Jobs that nobody does are an error of the server's health after a while.
        installation.work()
        with shop.staff(server.port) as staff:
            document = staff.expect(200, "GET", "/api/v1/openapi.json")
        things = put_things_in(shop, server.port)
        saved = REPORTS / "openapi.json"
        saved.write_text(json.dumps(document, indent=2, ensure_ascii=False))
        validated = subprocess.run([PYTHON / "openapi-spec-validator", "--schema", "3.1", saved], check=False)
        if validated.returncode != 0:
            return False
        unknown, known = folder / "unknown.toml", folder / "known.toml"
        write_configuration(unknown, {}, shop)
        write_configuration(known, path_parameters(document, things), shop)
        passed = generate(server, unknown, options, f"{engine} any identifier")
        passed &= generate(server, known, options, f"{engine} existing things")

        if not server.is_running:
            return complain(server, "The server ended by itself.")
        peak = processes.peak_megabytes(server.pid)
        print(f"==> {engine}: at most {peak:.0f} MB of memory", file=sys.stderr, flush=True)
        if peak > MOST_MEGABYTES:
            passed = complain(server, f"The server held {peak:.0f} MB, at most {MOST_MEGABYTES} are allowed.")
        if processes.stop(server.process) != 0:
            passed = complain(server, "The server did not end cleanly.")
    return passed


def complain(server: Server, sentence: str) -> bool:
    """Says what is wrong, with the end of the server's log."""
    print(f"{sentence}\n{server.tail()}", file=sys.stderr)
    return False


def main() -> int:
    """0 when nothing was found."""
    parser = argparse.ArgumentParser(prog="bin/fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=lambda text: Path(text).resolve(), required=True, help=argparse.SUPPRESS)
    parser.add_argument("--engine", choices=ENGINES, help="one engine instead of both")
    parser.add_argument("--examples", type=int, default=10, help="requests per operation and run (10)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other requests (1)")
    options = parser.parse_args()
    interruptible()
    REPORTS.mkdir(parents=True, exist_ok=True)
    passed = True
    for engine in [options.engine] if options.engine else ENGINES:
        started = time.monotonic()
        with temporary_folder() as folder:
            cluster = Cluster(folder / "postgres") if engine == "postgres" else None
            try:
                if cluster:
                    cluster.start()
                passed &= fuzz(engine, folder, cluster, options)
            finally:
                if cluster:
                    cluster.stop()
        print(f"==> {engine}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
