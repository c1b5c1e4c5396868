"""bin/with-postgres: runs a command beside a PostgreSQL server of its own."""

import os
import subprocess
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

# The path has to be set before.
from rig import processes  # noqa: E402
from rig.installation import temporary_folder  # noqa: E402
from rig.postgres import Cluster, PostgresError  # noqa: E402
from rig.program import interruptible  # noqa: E402

# The tests make and drop hundreds of databases, none of which has to survive.
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "128MB", "log_statement": "none"}


def run(command: list[str], environment: dict[str, str]) -> int:
    """Waits for the command; when interrupted, ends it with all it has started, in whatever process groups."""
    process = subprocess.Popen(command, env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        started = processes.children(process.pid)
        processes.stop(process, within_seconds=5)
        for pid in started:
            processes.kill(pid)
        raise


def main() -> int:
    """The command's own exit status."""
    command = sys.argv[1:]
    settings = NOT_DURABLE
    if command[:1] == ["--durable"]:
        command, settings = command[1:], {}
    interruptible()
    with temporary_folder() as folder:
        cluster = Cluster(folder / "postgres", settings=settings)
        try:
            cluster.start()
            environment = {**os.environ, "SHIPSHAPE_TEST_POSTGRES": cluster.url("postgres")}
            status = run(command, environment)
            return 128 - status if status < 0 else status
        except KeyboardInterrupt:
            return 130
        except (OSError, PostgresError) as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            cluster.stop()


if __name__ == "__main__":
    sys.exit(main())
