"""Small C libraries that are put between a program and the system (LD_PRELOAD), compiled when they are needed."""

import shutil
import subprocess
from pathlib import Path

SOURCES = Path(__file__).resolve().parent


def compile_library(name: str, folder: Path, libraries: tuple[str, ...] = ()) -> Path:
    """Compiles `NAME.c` beside this file into a shared library that everybody may load."""
    return _compile(SOURCES / f"{name}.c", folder / f"{name}.so", ["-shared", "-fPIC"], [*libraries, "-ldl"])


def compile_program(source: Path, folder: Path, libraries: list[str]) -> Path:
    """Compiles one C file into a program."""
    return _compile(source, folder / source.stem, [], libraries)


def slow_sync(folder: Path, milliseconds: float) -> dict[str, str]:
    """The environment in which every flush to the disk takes so much longer."""
    library = compile_library("slow_sync", folder)
    return {"LD_PRELOAD": str(library), "SLOW_SYNC_MICROSECONDS": str(round(milliseconds * 1000))}


def sql_trace(folder: Path, output: Path) -> dict[str, str]:
    """The environment in which every statement that SQLite runs is written to a file."""
    library = compile_library("sql_trace", folder, ("-lsqlite3",))
    return {"LD_PRELOAD": str(library), "SQL_TRACE": str(output)}


def _compile(source: Path, target: Path, options: list[str], libraries: list[str]) -> Path:
    if not target.exists():
        compiler = next(filter(None, map(shutil.which, ("cc", "clang"))), "cc")
        flags = ["-std=gnu11", "-O2", "-Wall", "-Wextra"]
        command = [compiler, *flags, *options, "-o", str(target), str(source), *libraries]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise RuntimeError(f"{source.name} did not compile:\n{result.stderr}")
        target.chmod(0o755)
    return target
