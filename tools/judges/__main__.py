"""Lets programs that others wrote judge the protocols: stripe-python the simulated Stripe, aiosmtpd the mails."""

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

# The path has to be set before.
from judges import mail_judge, stripe_judge  # noqa: E402
from rig import processes  # noqa: E402
from rig.installation import temporary_folder  # noqa: E402
from rig.program import interruptible  # noqa: E402

JUDGES = ("stripe", "mail")


def judge_stripe(program: Path) -> bool:
    """Whether the simulated Stripe passed."""
    with temporary_folder() as folder:
        log = folder / "simulators.log"
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [program, "simulators", "--port", "0"], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                cwd=folder)
        try:
            deadline = time.monotonic() + 30
            while not (found := re.search(r"stripe +(http://\S+)", log.read_text())):
                if process.poll() is not None or time.monotonic() > deadline:
                    print(f"The simulators did not start: {log.read_text()}", file=sys.stderr)
                    return False
                time.sleep(0.02)
            passed = stripe_judge.judge(found[1])
        finally:
            status = processes.stop(process)
        if status != 0:
            print(f"The simulators ended with {status}: {log.read_text()}", file=sys.stderr)
        return passed and status == 0


def main() -> int:
    """0 when nothing was found."""
    parser = argparse.ArgumentParser(prog="bin/judges", description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=lambda text: Path(text).resolve(), required=True, help=argparse.SUPPRESS)
    parser.add_argument("--judge", choices=JUDGES, help="one judge instead of all")
    options = parser.parse_args()
    interruptible()
    judges = {"stripe": judge_stripe, "mail": mail_judge.judge}
    results = [judges[name](options.program) for name in ([options.judge] if options.judge else JUDGES)]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
