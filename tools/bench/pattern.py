"""Finds out how the values of several orders of the same shape differ, so that more such orders can be made.

Each sample is what one order wrote: values by position, and the identifiers that were known before (its checkout, its
lines, its variants) by name. A value that is equal in all samples is constant; the others become a `Spec` that says
how to make the value of the next order.
"""

import re
import uuid
from dataclasses import dataclass, field

from rig import identifiers

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_BYTES = re.compile(r"\\x(?:[0-9a-f]{2})*")
_LONGEST_DIGEST = 32
# Microseconds since 1970: from September 2001 on.
_EARLIEST_MOMENT = 10**15


@dataclass(frozen=True)
class Constant:
    """The same for every order; None for NULL."""

    value: str | None


@dataclass(frozen=True)
class Known:
    """An identifier that was there before, by its name in the sample."""

    name: str


@dataclass(frozen=True)
class Fresh:
    """An identifier that the order made; the same index is the same identifier."""

    index: int


@dataclass(frozen=True)
class Serial:
    """An integer that no two orders share; `column` tells several apart."""

    column: int


@dataclass(frozen=True)
class Moment:
    """Microseconds since 1970."""

    value: int


@dataclass(frozen=True)
class Digest:
    """So many bytes that no two orders share."""

    length: int


@dataclass(frozen=True)
class Text:
    """Text in which some pieces belong to the order: None stands for a piece that no two orders share."""

    pieces: tuple[str | None, ...]


Spec = Constant | Known | Fresh | Serial | Moment | Digest | Text


@dataclass
class Sample:
    """What one order wrote, as PostgreSQL prints it, and what was known before."""

    values: list[str | None]
    known: dict[str, uuid.UUID]
    texts: list[str] = field(default_factory=list)  # known texts of the order alone, such as its idempotency key


class PatternError(RuntimeError):
    """The samples do not have one shape."""


def infer(samples: list[Sample]) -> list[Spec]:
    """One spec for each position."""
    if len({len(sample.values) for sample in samples}) != 1:
        raise PatternError("the samples do not have the same number of values")
    fresh: dict[uuid.UUID, int] = {}
    return [_spec(position, samples, fresh) for position in range(len(samples[0].values))]


def _spec(position: int, samples: list[Sample], fresh: dict[uuid.UUID, int]) -> Spec:
    values = [sample.values[position] for sample in samples]
    first = values[0]
    if first is not None and all(value is not None and _is_moment(value) for value in values):
        return Moment(int(first))
    if all(value == first for value in values) and not _names_known(first, samples[0]):
        return Constant(first)
    if any(value is None for value in values):
        raise PatternError(f"value {position} is only sometimes NULL")
    if all(_UUID.fullmatch(value) for value in values):
        return _identifier([uuid.UUID(value) for value in values], samples, fresh)
    if all(_INTEGER.fullmatch(value) for value in values):
        return Serial(position)
    if all(_BYTES.fullmatch(value) for value in values):
        length = len(first) // 2 - 1
        # Longer ones are documents, such as an answer that is kept, and no key that has to be unique.
        return Digest(length) if length <= _LONGEST_DIGEST else Constant(first)
    return _text(first, samples[0], values)


def _identifier(values: list[uuid.UUID], samples: list[Sample], fresh: dict[uuid.UUID, int]) -> Spec:
    for name, identifier in samples[0].known.items():
        if identifier == values[0]:
            if any(sample.known[name] != value for sample, value in zip(samples, values, strict=True)):
                raise PatternError(f"{name} is not always where it was")
            return Known(name)
    index = fresh.setdefault(values[0], len(fresh))
    return Fresh(index)


def _text(first: str, sample: Sample, values: list[str]) -> Text:
    """Keeps the first sample's text, but for what is known to belong to its order alone."""
    alone = [re.escape(text) for text in sample.texts]
    pattern = re.compile("|".join([*alone, identifiers.PATTERN.pattern, _UUID.pattern]))
    pieces: list[str | None] = []
    end = 0
    for match in pattern.finditer(first):
        if all(match.group() in value for value in values):
            continue
        pieces += [first[end:match.start()], None]
        end = match.end()
    return Text((*pieces, first[end:]))


def _is_moment(value: str) -> bool:
    return bool(_INTEGER.fullmatch(value)) and int(value) >= _EARLIEST_MOMENT


def _names_known(value: str | None, sample: Sample) -> bool:
    return value is not None and bool(_UUID.fullmatch(value)) and uuid.UUID(value) in sample.known.values()
