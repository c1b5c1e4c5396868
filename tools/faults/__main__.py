"""bin/faults: kills the program, its workers and its database at random moments, and looks for losses."""

import argparse
import json
import random
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

# The path has to be set before.
from faults import payments, siege  # noqa: E402
from faults.report import Report  # noqa: E402
from rig import installation, program  # noqa: E402


@dataclass(frozen=True)
class Trial:
    """Something to be killed, on some engines."""

    name: str
    about: str
    engines: tuple[str, ...]
    strike: object  # what is killed; None for the trial of payments
    share: int = 1  # one in so many of the rounds: these strikes take long
    changes_orders: bool = True

    def run(self, program_path: Path, folder: Path, engine: str, rounds: int, seed: int) -> Report:
        """Runs it in a folder of its own."""
        if self.strike is None:
            return payments.PaymentSiege(program_path, folder, engine, rounds, seed).pay(self.about)
        besieged = siege.Siege(program_path, folder, engine, rounds, seed)
        return besieged.run(self.about, self.strike, self.changes_orders)


TRIALS = [
    Trial("processes", "servers and workers killed during checkout and order changes", installation.ENGINES,
          siege.kill_any_process),
    Trial("jobs", "workers killed while they work", ("postgres",), siege.kill_worker, 2, False),
    Trial("payments", "servers and workers killed from pay to paid", installation.ENGINES, None),
    Trial("database", "PostgreSQL itself killed and recovered", ("postgres",), siege.kill_database, 10),
]


def main() -> int:
    """0 when nothing was lost."""
    options = arguments()
    if options.list:
        for trial in TRIALS:
            print(f"{trial.name:10} {', '.join(trial.engines):17} {trial.about}")
        return 0
    if not options.program:
        print("Say which program to kill: --program .build/release/shipshape", file=sys.stderr)
        return 64
    program.interruptible()
    reports: list[Report] = []
    failures: list[str] = []
    for trial in TRIALS:
        if options.only and trial.name not in options.only:
            continue
        for engine in trial.engines:
            if options.engine not in (None, engine):
                continue
            rounds = max(1, options.rounds // trial.share)
            print(f"==> {trial.name} ({engine}): {trial.about}, {rounds} times", file=sys.stderr, flush=True)
            try:
                with installation.temporary_folder() as folder:
                    reports.append(trial.run(options.program, folder, engine, rounds, options.seed))
            except Exception as error:  # the other trials still run
                traceback.print_exc()
                failures.append(f"{trial.name} ({engine}): {error}")
                continue
            if not options.json:
                print(reports[-1], flush=True)
    if options.json:
        print(json.dumps({"reports": [report.as_json() for report in reports], "failures": failures}, indent=2))
    else:
        clean = sum(report.is_clean for report in reports)
        print("".join(f"FAILED  {failure}\n" for failure in failures) + f"{clean} of {len(reports)} trials clean")
    return 0 if not failures and all(report.is_clean for report in reports) else 1


def arguments() -> argparse.Namespace:
    """What was said on the command line."""
    parser = argparse.ArgumentParser(
        prog="bin/faults", description="Kills the program at random moments and looks for losses.")
    parser.add_argument("--program", type=lambda text: Path(text).resolve(), help="the built program")
    parser.add_argument("--rounds", type=int, default=100, help="kills per engine (100)")
    parser.add_argument("--engine", choices=installation.ENGINES, help="one engine instead of both")
    parser.add_argument("--only", action="append", choices=[trial.name for trial in TRIALS],
                        help="one trial; may be repeated")
    parser.add_argument("--jobs", dest="only", action="append_const", const="jobs", help="the same as --only jobs")
    parser.add_argument("--database", dest="only", action="append_const", const="database",
                        help="the same as --only database")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000),
                        help="repeats the choices of an earlier run")
    parser.add_argument("--json", action="store_true", help="prints one JSON document")
    parser.add_argument("--list", action="store_true", help="names the trials")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
