"""Typed identifiers: a prefix, an underscore and 128 bits in Crockford base32, as the API writes them."""

import re
import uuid

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
PATTERN = re.compile(r"[a-z]{2,5}_[0-7][0-9a-hjkmnp-tv-z]{25}(?![0-9a-z])")

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_PAIRS = [high + low for high in ALPHABET for low in ALPHABET]


def encode(prefix: str, identifier: uuid.UUID) -> str:
    """The form an identifier has outside the program: `ord_01hx…`."""
    rest = identifier.int
    pairs = []
    for _ in range(13):
        pairs.append(_PAIRS[rest & 1023])
        rest >>= 10
    return f"{prefix}_{''.join(reversed(pairs))}"


def decode(text: str) -> uuid.UUID:
    """The 128 bits of an identifier; ValueError when it is none."""
    _, separator, digits = text.rpartition("_")
    if not separator or len(digits) != 26:
        raise ValueError(f"not an identifier: {text}")
    value = 0
    for digit in digits:
        if digit not in _VALUES:
            raise ValueError(f"not an identifier: {text}")
        value = value << 5 | _VALUES[digit]
    return uuid.UUID(int=value)
