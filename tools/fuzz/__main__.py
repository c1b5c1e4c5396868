"""Tests the running interface against its own OpenAPI document with schemathesis.

Serves a fresh database of each engine, puts one of each thing into it, has the document validated, and has requests
generated from it: valid ones, which must be accepted, and invalid ones, which must be refused as documented. Any
server error, any answer that the document does not describe and any missing authorisation check is a failure.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

tools = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(tools))

from installation import Installation, request, resident_bytes  # noqa: E402

python = tools.parent / ".shipshape" / "tools" / "python" / "bin"
reports = tools.parent / ".shipshape" / "fuzz"

# Bodies are limited to 1 MiB, so nothing that is sent can make the server grow beyond this.
memory_limit_bytes = 300 * 1024 * 1024


def put_things_in(address, secret, publishable):
    """Creates one of each thing; returns identifiers by the name of the thing."""
    staff = {"Authorization": f"Bearer {secret}"}
    storefront = {"Shipshape-Key": publishable}

    def make(method, path, body, headers):
        status, answer = request(address, method, path, body, headers)
        if status not in (200, 201):
            raise SystemExit(f"{method} {path} answered {status}: {json.dumps(answer)}")
        return answer

    price = {"amount": 500, "currency": "USD"}
    product = make(
        "POST", "/api/v1/products",
        {"title": "Crème brûlée", "status": "active", "variants": [{"sku": "BRULEE", "price": price}]}, staff)
    variant = product["variants"][0]["id"]
    make("PUT", f"/api/v1/variants/{variant}/stock", {"on_hand": 1_000_000}, staff)
    lines = [{"variant_id": variant, "quantity": 2}]
    checkout = make("POST", "/api/v1/checkouts", {"lines": lines}, storefront)
    order = make(
        "POST", "/api/v1/orders", {"lines": [dict(lines[0], unit_price=price)], "payment_method": "cash_on_delivery"},
        dict(staff, **{"Idempotency-Key": "fuzz-1"}))
    return {"product": product["id"], "variant": variant, "checkout": checkout["id"],
            "order": order.get("order", order)["id"]}


def path_parameters(document, things):
    """The document's path parameters that name a thing, with the identifier of the one that exists."""
    names = {
        parameter["name"]
        for item in document["paths"].values()
        for holder in [item, *(item.get(m, {}) for m in ("get", "post", "put", "patch", "delete"))]
        for parameter in holder.get("parameters", [])
        if parameter.get("in") == "path"
    }
    return {name: things[thing] for name in sorted(names) for thing in things if name in (thing, f"{thing}_id")}


def write_configuration(path, parameters, keys):
    """Headers are given here and not as arguments, where any process could read the keys."""
    lines = ["[headers]"]
    lines += [f"{json.dumps(name)} = {json.dumps(value)}" for name, value in keys.items()]
    lines += ["", "[parameters]"]
    lines += [f"{json.dumps('path.' + name)} = {json.dumps(value)}" for name, value in parameters.items()]
    path.write_text("\n".join(lines) + "\n")


def run_schemathesis(address, configuration, phases, examples, seed, name):
    """Whether a run found nothing."""
    print(f"==> {name}", file=sys.stderr, flush=True)
    finished = subprocess.run(
        [
            python / "schemathesis", "--config-file", configuration, "run", f"{address}/api/v1/openapi.json",
            "--checks", "all", "--phases", phases, "--max-examples", str(examples), "--seed", str(seed),
            "--generation-deterministic", "--generation-database", "none", "--continue-on-failure",
            "--suppress-health-check", "all", "--request-timeout", "30", "--warnings", "off", "--no-color",
            "--report", "junit", "--report-junit-path", reports / f"{name.replace(' ', '-')}.xml",
        ],
        cwd=reports)
    return finished.returncode == 0


def fuzz(engine, program, database_url, folder, options):
    """Whether the interface on one engine passed."""
    started = time.monotonic()
    log = reports / f"{engine}.log"
    log.unlink(missing_ok=True)
    installation = Installation(program, database_url, log)
    _, secret, publishable = installation.make_store()
    passed = True
    with installation.serving() as (address, process):
        things = put_things_in(address, secret, publishable)
        with urllib.request.urlopen(f"{address}/api/v1/openapi.json") as answer:
            document = json.load(answer)
        saved = reports / "openapi.json"
        saved.write_text(json.dumps(document, indent=2))
        print("==> the OpenAPI document", file=sys.stderr, flush=True)
        passed &= subprocess.run([python / "openapi-spec-validator", "--schema", "3.1", saved]).returncode == 0

        keys = {"Authorization": f"Bearer {secret}", "Shipshape-Key": publishable}
        unknown, known = folder / "unknown.toml", folder / "known.toml"
        write_configuration(unknown, {}, keys)
        write_configuration(known, path_parameters(document, things), keys)
        examples, seed = options.examples, options.seed
        passed &= run_schemathesis(
            address, unknown, "examples,coverage,fuzzing", examples, seed, f"{engine} any identifier")
        passed &= run_schemathesis(
            address, known, "examples,coverage,fuzzing", examples, seed + 1, f"{engine} existing things")

        if process.poll() is not None:
            print(f"The server ended by itself with status {process.returncode}: see {log}", file=sys.stderr)
            return False
        _, peak = resident_bytes(process)
        print(f"==> {engine}: peak memory {peak >> 20} MiB", file=sys.stderr, flush=True)
        if peak > memory_limit_bytes:
            print(f"More than {memory_limit_bytes >> 20} MiB.", file=sys.stderr)
            passed = False
    if process.returncode != 0:
        print(f"The server did not end cleanly: status {process.returncode}, see {log}", file=sys.stderr)
        passed = False
    print(f"==> {engine}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return passed


def main():
    parser = argparse.ArgumentParser(prog="bin/fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--engine", choices=["sqlite", "postgres", "all"], default="all")
    parser.add_argument("--examples", type=int, default=20, help="requests per operation and run (20)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    reports.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="shipshape-fuzz.") as name:
        folder = pathlib.Path(name)
        databases = {
            "sqlite": f"sqlite:{folder}/fuzz.sqlite",
            "postgres": os.environ.get("SHIPSHAPE_TEST_POSTGRES"),
        }
        engines = ["sqlite", "postgres"] if options.engine == "all" else [options.engine]
        passed = [fuzz(engine, options.program, databases[engine], folder, options) for engine in engines]
    raise SystemExit(0 if all(passed) else 1)


main()
