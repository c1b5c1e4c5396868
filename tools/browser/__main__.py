"""bin/browser: buys, looks and works in a real browser on a fresh demo."""

import argparse
import concurrent.futures
import sys
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

# The path has to be set before.
from browser import looks, pages, shopping, staff  # noqa: E402
from browser.checks import Check, Result, carry_out_twice, is_good, is_wanted, summary  # noqa: E402
from browser.demo import Demo  # noqa: E402
from browser.rig import open_world  # noqa: E402
from rig.installation import temporary_folder  # noqa: E402
from rig.program import ProgramError, interruptible  # noqa: E402

PICTURES = Path(__file__).resolve().parent.parent.parent / ".shipshape" / "browser"


def main() -> int:
    """0 when everything is as it has to be."""
    options = arguments()
    everything = pages.SHOP + pages.WORLD + staff.PAGES
    # Two browsers at once: one does things, one looks.
    lanes = [
        [check for check in lane if is_wanted(check, options.only)]
        for lane in (shopping.checks() + staff.checks(), looks.checks(everything))]
    if options.list:
        for check in sum(lanes, []):
            print(check.name)
        return 0
    if not any(lanes):
        print(f"No check is called so: {', '.join(options.only)}. See bin/browser --list.", file=sys.stderr)
        return 64
    interruptible()
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob("failure-*.png"):
        old.unlink()
    try:
        with temporary_folder() as folder, Demo(options.program, folder) as demo:
            if options.screenshots:
                return photograph(everything, demo, options)
            return judge(lanes, demo, options)
    except ProgramError as error:
        print(error, file=sys.stderr)
        return 1


def judge(lanes: list[list[Check]], demo: Demo, options: argparse.Namespace) -> int:
    """Carries the checks of all lanes out at once; 1 when something is not as it has to be."""
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        walks = [pool.submit(walk, lane, demo, options.headful) for lane in lanes if lane]
        results = sum((done.result() for done in walks), [])
    if not is_good(results, False):
        (PICTURES / "demo.log").write_text(demo.log.read_text(errors="replace"))
    print(f"{summary(results)} in {time.monotonic() - started:.0f} s")
    return 0 if is_good(results, options.strict) else 1


def walk(checks: list[Check], demo: Demo, is_headful: bool) -> list[Result]:
    """Carries checks out, one after the other, in a browser of their own."""
    results = []
    with open_world(demo, PICTURES, is_headful) as world:
        for check in checks:
            results.append(carry_out_twice(check, world))
            print(results[-1], flush=True)
    return results


def photograph(everything: list[pages.PageOf], demo: Demo, options: argparse.Namespace) -> int:
    """Saves pictures of every page; 1 when one is not to be had."""
    options.screenshots.mkdir(parents=True, exist_ok=True)
    wanted = [page for page in everything if not options.only or any(word in page.title for word in options.only)]
    with open_world(demo, PICTURES, options.headful) as world:
        failures = looks.take_pictures(wanted, world, options.screenshots)
    for failure in failures:
        print(f"no picture of {failure}", file=sys.stderr)
    print(f"{len(list(options.screenshots.glob('*.png')))} pictures in {options.screenshots}")
    return 1 if failures else 0


def arguments() -> argparse.Namespace:
    """What was said on the command line."""
    parser = argparse.ArgumentParser(prog="bin/browser", description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=lambda text: Path(text).resolve(), required=True, help=argparse.SUPPRESS)
    parser.add_argument("--only", action="append", default=[], metavar="NAME",
                        help="only what has this in its name; may be repeated")
    parser.add_argument("--screenshots", type=Path, metavar="FOLDER",
                        help="saves pictures of every page in light, dark and on a phone instead")
    parser.add_argument("--headful", action="store_true", help="shows the browser")
    parser.add_argument("--strict", action="store_true", help="what is missing fails too")
    parser.add_argument("--list", action="store_true", help="names the checks")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
