"""The load generator, wrk, and the scripts it is given."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

# Each thread works off its own part of a list of requests; each line is a path and an idempotency key.
_SCRIPT = """
local counter = 0
function setup(thread)
    thread:set("part", counter)
    counter = counter + 1
end
function init(args)
    local number = 0
    requests = {}
    for line in io.lines("%(list)s") do
        if number %% %(threads)d == part then
            local path, key = line:match("^(%%S+) (%%S+)$")
            local headers = {["Shipshape-Key"] = "%(key)s", ["Content-Type"] = "application/json",
                             ["Idempotency-Key"] = key}
            requests[#requests + 1] = {path, headers}
        end
        number = number + 1
    end
    index = 0
end
function request()
    index = index + 1
    local next = requests[index]
    if not next then
        wrk.thread:stop()
        return wrk.format("GET", "/health/live")
    end
    return wrk.format("POST", next[1], next[2], '%(body)s')
end
"""

# Each thread goes round its own part of a list of paths.
_LIST = """
local counter = 0
function setup(thread)
    thread:set("part", counter)
    counter = counter + 1
end
function init(args)
    local number = 0
    paths = {}
    for line in io.lines("%(list)s") do
        if number %% %(threads)d == part then paths[#paths + 1] = line end
        number = number + 1
    end
    index = 0
end
function request()
    index = index %% #paths + 1
    return wrk.format("GET", paths[index])
end
"""

_DONE = """
function done(summary, latency, requests)
    io.stderr:write(string.format(
        '{"requests": %d, "microseconds": %d, "errors": %d, "refusals": %d, "p50": %d, "p95": %d, "p99": %d}\\n',
        summary.requests, summary.duration,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
        summary.errors.status, latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
"""


@dataclass(frozen=True)
class Load:
    """What wrk saw. Latencies are milliseconds."""

    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float

    @property
    def per_second(self) -> float:
        """Requests answered a second."""
        return self.requests / self.seconds


class LoadError(RuntimeError):
    """Requests failed, so that the figures mean nothing."""


def get(url: str, headers: dict[str, str], folder: Path, connections: int, seconds: float, threads: int = 2) -> Load:
    """Asks for the same thing again and again."""
    return _run(url, _DONE, headers, folder, connections, seconds, threads)


def get_each(
    address: str, paths: list[str], headers: dict[str, str], folder: Path, connections: int, seconds: float,
    threads: int = 2,
) -> Load:
    """Asks for one path after the other, from the beginning again after the last."""
    paths_file = folder / "paths.txt"
    paths_file.write_text("".join(f"{path}\n" for path in paths))
    script = _LIST % {"list": paths_file, "threads": threads}
    return _run(address, script + _DONE, headers, folder, connections, seconds, threads)


def post_each(
    address: str, requests: list[tuple[str, str]], body: dict, publishable: str, folder: Path, connections: int,
    seconds: float, threads: int = 2,
) -> Load:
    """Posts the body to each path once, with its idempotency key, until the time or the list is over."""
    requests_file = folder / "requests.txt"
    requests_file.write_text("".join(f"{path} {key}\n" for path, key in requests))
    script = _SCRIPT % {
        "list": requests_file, "threads": threads, "key": publishable, "body": json.dumps(body)}
    return _run(address, script + _DONE, {}, folder, connections, seconds, threads)


def _run(
    url: str, script: str, headers: dict[str, str], folder: Path, connections: int, seconds: float, threads: int
) -> Load:
    script_file = folder / "wrk.lua"
    script_file.write_text(script)
    command = ["wrk", f"-t{min(threads, connections)}", f"-c{connections}", f"-d{max(1, round(seconds))}s",
               "--timeout", "30s", "-s", str(script_file)]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    result = subprocess.run(
        [*command, url], capture_output=True, text=True, check=False, timeout=seconds + 90, cwd=folder)
    try:
        seen = json.loads(result.stderr.strip().split("\n")[-1])
    except ValueError as error:
        raise LoadError(f"wrk failed: {result.stderr[-1000:]} {result.stdout[-1000:]}") from error
    if seen["errors"] or seen["refusals"]:
        raise LoadError(f"{seen['refusals']} of {seen['requests']} requests were refused, {seen['errors']} failed")
    if not seen["requests"]:
        raise LoadError("no request was answered")
    return Load(
        seen["requests"], seen["microseconds"] / 1e6, seen["p50"] / 1000, seen["p95"] / 1000, seen["p99"] / 1000)
