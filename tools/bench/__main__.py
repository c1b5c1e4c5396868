"""bin/bench [NAME [FOLDER]]: measures the release program beside references in the same run."""

import argparse
import json
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

# The path has to be set before.
from bench import (  # noqa: E402
    clone, durability, footprint, growth, imports, jobs, placing_postgres, placing_sqlite, product, replay, rush,
    search, streams, timeline, webhooks)
from bench.bench import Bench  # noqa: E402
from bench.outcome import Outcome  # noqa: E402
from rig import installation, machine, program  # noqa: E402


@dataclass(frozen=True)
class Measurement:
    """Something to measure, by name."""

    name: str
    about: str
    engines: tuple[str, ...]
    run: Callable[[Bench, str], list[Outcome]]
    is_asked_for: bool = False


BOTH = installation.ENGINES
MEASUREMENTS = [
    Measurement("replay", "real invoices through the API, compared to the penny [FOLDER]", BOTH, replay.measure),
    Measurement("product", "a product's page beside a bare route; its staleness", BOTH, product.measure),
    Measurement("placing", "placing orders beside pgbench, with slowed flushes too", ("postgres",),
                placing_postgres.measure),
    Measurement("placing", "placing orders beside a plain loop, with slowed flushes too", ("sqlite",),
                placing_sqlite.measure),
    Measurement("jobs", "jobs from enqueuing to done", BOTH, jobs.measure),
    Measurement("growth", "cost with a thousand and a million orders", BOTH, growth.measure),
    Measurement("memory", "RSS idle and under 64 clients", BOTH, footprint.memory),
    Measurement("startup", "start to first answer", BOTH, footprint.startup),
    Measurement("durability", "no acknowledgement before the disk", BOTH, durability.measure),
    Measurement("rush", "200 buyers at once for the last 10 units", BOTH, rush.measure),
    Measurement("storefront", "a product's page in the storefront beside a bare route", BOTH, product.storefront),
    Measurement("import", "100,000 products from a file: rate, memory, orders meanwhile", BOTH, imports.measure),
    Measurement("hostile", "files that mean harm, one of a gigabyte: memory of their import; minutes", ("sqlite",),
                imports.hostile),
    Measurement("search", "100,000 products searched, and a category page with counts", BOTH, search.measure),
    Measurement("timeline", "the dashboard's page of an order with 100 entries", BOTH, timeline.measure),
    Measurement("webhooks", "from a payment webhook until its order is paid", BOTH, webhooks.measure),
    Measurement("streams", "500 open event streams: memory, and what they add to placing", BOTH, streams.measure),
    Measurement("clone", "a clean clone to bin/test green; only when asked for by name", ("both",), clone.measure,
                is_asked_for=True),
]


def main() -> int:
    """0 when every bar is met, 1 when one is missed or could not be measured."""
    options = arguments()
    if options.list:
        for measurement in MEASUREMENTS:
            print(f"{measurement.name:11} {', '.join(measurement.engines):17} {measurement.about}")
        return 0
    if not options.program:
        print("Say which program to measure: --program .build/release/shipshape", file=sys.stderr)
        return 64
    program.interruptible()
    outcomes: list[Outcome] = []
    failures: list[str] = []
    with installation.temporary_folder() as folder:
        described = machine.describe(options.program, folder)
        if not options.json:
            print("".join(f"{name.replace('_', ' ')}: {value}\n" for name, value in described.items()))
    for measurement, engine in chosen(options):
        with installation.temporary_folder() as folder:
            bench = Bench(options.program, folder, options.rounds, options.seconds, options.folder)
            reason = replay.skip_reason(bench) if measurement.run is replay.measure else None
            if reason:
                print(reason, file=sys.stderr)
                continue
            print(f"==> {measurement.name} ({engine}): {measurement.about}", file=sys.stderr, flush=True)
            try:
                found = measurement.run(bench, engine)
            except Exception as error:  # the other measurements still run
                traceback.print_exc()
                failures.append(f"{measurement.name} ({engine}): {error}")
                continue
        outcomes += found
        if not options.json:
            for outcome in found:
                print(outcome, flush=True)
    summarise(options, described, outcomes, failures)
    return 0 if not failures and all(outcome.is_met for outcome in outcomes) else 1


def chosen(options: argparse.Namespace) -> list[tuple[Measurement, str]]:
    """What to run, on what."""
    names = [*options.only, *([options.name] if options.name else [])]
    known = {measurement.name for measurement in MEASUREMENTS}
    for name in names:
        if name not in known:
            print(f"There is no measurement '{name}': bin/bench --list names them.", file=sys.stderr)
            sys.exit(64)
    return [
        (measurement, engine) for measurement in MEASUREMENTS
        if (measurement.name in names if names else not measurement.is_asked_for)
        for engine in measurement.engines if options.engine in (None, engine) or engine == "both"]


def summarise(options: argparse.Namespace, described: dict, outcomes: list[Outcome], failures: list[str]) -> None:
    """The end of the report, or the whole of it as JSON."""
    if options.json:
        print(json.dumps(
            {"machine": described, "outcomes": [outcome.as_json() for outcome in outcomes], "failures": failures},
            indent=2))
        return
    met = sum(outcome.is_met for outcome in outcomes)
    print(f"\n{met} of {len(outcomes)} bars met" + "".join(
        f"\nMISSED  {outcome.what} ({outcome.engine})" for outcome in outcomes if not outcome.is_met) + "".join(
        f"\nFAILED  {failure}" for failure in failures))


def arguments() -> argparse.Namespace:
    """What was said on the command line."""
    parser = argparse.ArgumentParser(
        prog="bin/bench", description="Measures the release program beside references in the same run.")
    parser.add_argument("name", nargs="?", help="one measurement; see --list")
    parser.add_argument("folder", nargs="*", help="with replay: the folder with the CSV files")
    parser.add_argument("--program", type=lambda text: Path(text).resolve(), help="the built program")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="one measurement; may be repeated")
    parser.add_argument("--engine", choices=BOTH, help="one engine instead of both")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of program and reference in turn (5)")
    parser.add_argument("--seconds", type=float, default=5, help="seconds of each round (5)")
    parser.add_argument("--json", action="store_true", help="prints one JSON document")
    parser.add_argument("--list", action="store_true", help="names the measurements")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
