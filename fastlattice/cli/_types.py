"""Types of command-line arguments: each says what is wrong with a value that it refuses."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable


def number(above: float = -math.inf, below: float = math.inf, infinite: bool = False) -> Callable[[str], float]:
    """Type of a finite number strictly between two bounds, or also "inf"."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
        if infinite and value == math.inf:
            return value
        if not (above < value < below and math.isfinite(value)):
            bounds = [f"above {above:g}"] * math.isfinite(above) + [f"below {below:g}"] * math.isfinite(below)
            raise argparse.ArgumentTypeError(f"{text} must be a finite number {' and '.join(bounds)}".rstrip())
        return value

    return parse


def listed(text: str) -> list[str]:
    """The parts of a list, separated by commas, blanks or both."""
    return [part for part in re.split(r"[,\s]+", text) if part]


def numbers(above: float = -math.inf, below: float = math.inf) -> Callable[[str], list[float]]:
    """Type of one number or several, separated by commas or blanks."""
    one = number(above, below)
    return lambda text: [one(part) for part in listed(text) or [text]]


def count(text: str) -> int:
    """Type of an integer of at least 1."""
    if not (text.isdecimal() and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive integer")
    return int(text)
