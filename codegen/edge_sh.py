"""Writes the polar parts q_lm of the real spherical harmonics and their derivatives, for C++ and for Triton.

q_lm(y) = N_lm d^m P_l / dy^m with the Legendre polynomial P_l and N_lm^2 = (2 l + 1) (l - m)! / (l + m)!, twice that
for m > 0, so that the mean of Y_lm^2 over the sphere is one. The derivative is a number times y^(0 or 1) times a
polynomial in y^2 with coprime integers, made homogeneous by s = x^2 + y^2 + z^2; the number goes into the norm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import factorial, gcd, lcm
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LMAX = 4
_DIGITS = 20


def legendre(l: int) -> list[Fraction]:
    """Coefficients of P_l, by power: (l + 1) P_(l + 1) = (2 l + 1) y P_l - l P_(l - 1)."""
    last, now = [Fraction(0)], [Fraction(1)]
    for k in range(l):
        up = [Fraction(0), *now]
        down = [*last, *[Fraction(0)] * (len(up) - len(last))]
        last, now = now, [((2 * k + 1) * a - k * b) / (k + 1) for a, b in zip(up, down, strict=True)]
    return now


def derivative(coefficients: list[Fraction]) -> list[Fraction]:
    """Of a polynomial, by power."""
    return [k * c for k, c in enumerate(coefficients)][1:]


@dataclass(frozen=True)
class Polar:
    """norm times a polynomial: integers by (power of y, power of s), the highest power of y first."""

    norm: str
    terms: tuple[tuple[int, int, int], ...]

    def slope(self) -> Polar:
        """Its derivative in y at fixed s."""
        return Polar(self.norm, tuple((p * c, p - 1, k) for c, p, k in self.terms if p > 0))


def polar(l: int, m: int) -> Polar:
    """q_lm."""
    polynomial = legendre(l)
    for _ in range(m):
        polynomial = derivative(polynomial)
    powers = [p for p in range(len(polynomial) - 1, -1, -1) if polynomial[p]]
    parts = [polynomial[p] for p in powers]
    number = Fraction(gcd(*(part.numerator for part in parts)), lcm(*(part.denominator for part in parts)))
    square = number**2 * (2 * l + 1) * (2 if m else 1) * Fraction(factorial(l - m), factorial(l + m))
    return Polar(_root(square), tuple((int(polynomial[p] / number), p, (l - m - p) // 2) for p in powers))


def _root(square: Fraction) -> str:
    """A square root, correctly rounded to more digits than a double has."""
    with localcontext() as context:
        context.prec = 2 * _DIGITS
        root = (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()
        context.prec = _DIGITS
        return str((+root).normalize())


def _factors(power: int, of_s: int, square: str) -> list[str]:
    return [*[square] * (power // 2), *["y"] * (power % 2), *["s"] * of_s]


def expression(q: Polar, constant: Callable[[str, int], str], one: Callable[[str], str], square: str) -> str:
    """Code.

    Args:
        q: what to write.
        constant: a norm times an integer in code.
        one: a constant as a value.
        square: y^2 in code.
    """
    if not q.terms:
        return ""
    if len(q.terms) == 1:
        ((number, power, of_s),) = q.terms
        factors = _factors(power, of_s, square)
        return " * ".join([constant(q.norm, number), *factors]) if factors else one(constant(q.norm, number))
    odd = q.terms[0][1] % 2
    total = ""
    for number, power, of_s in q.terms:
        factors = _factors(power - odd, of_s, square)
        text = " * ".join([*([str(abs(number))] if abs(number) > 1 else []), *factors])
        total += (" - " if number < 0 else " + ") + text if total else text
    return " * ".join([constant(q.norm, 1), *["y"] * odd, f"({total})"])


def _degrees(slope: bool) -> Iterator[tuple[int, list[Polar]]]:
    for l in range(1, LMAX + 1):
        parts = [polar(l, m) for m in range(l + 1)]
        yield l, [q.slope() for q in parts] if slope else parts


_STORIES = {
    False: "q_lm(y), m = 0 ... l, of one degree l > 0.",
    True: "Their derivatives in y at fixed s = x^2 + y^2 + z^2.",
}


def cpp() -> str:
    """Templates over the numbers T and values V of them."""
    text = (
        "// Written by codegen/edge_sh.py; not to be edited.\n#pragma once\n"
        '#include "base/isa.h"\n\nnamespace fl::sh {\n\n'
        f"constexpr int max_degree = {LMAX};\n"
    )
    for slope, story in _STORIES.items():
        text += f"\n// {story}\ntemplate <class T, class V>\n"
        text += f"FL_INLINE void polar{'_slope' * slope}(int l, V y, V s, V* q) {{\n  const V y2 = y * y;\n"
        for l, parts in _degrees(slope):
            text += f"  if (l == {l}) {{\n"
            for m, q in enumerate(parts):
                code = expression(
                    q,
                    lambda norm, number: f"T({norm})" if number == 1 else f"{number} * T({norm})",
                    lambda constant: f"V{{}} + {constant}",
                    "y2",
                )
                text += f"    q[{m}] = {code or 'V{}'};\n"
            text += "  }\n"
        text += "}\n"
    return text + "\n}  // namespace fl::sh\n"


def python() -> str:
    """Functions for Triton."""
    text = '"""Written by codegen/edge_sh.py; not to be edited."""\n\nimport triton\nimport triton.language as tl\n'
    for slope, story in _STORIES.items():
        text += f"\n\n@triton.jit\ndef polar{'_slope' * slope}(y, s, L: tl.constexpr):\n"
        text += f'    """{story}"""\n    one{", zero" * slope} = tl.zeros_like(y) + 1{", tl.zeros_like(y)" * slope}\n'
        for l, parts in _degrees(slope):
            text += f"    {'if' if l == 1 else 'elif'} L == {l}:\n        q = (\n"
            for q in parts:
                code = expression(q, _product, lambda constant: f"{constant} * one", "y * y")
                text += f"            {code or 'zero'},\n"
            text += "        )\n"
        text += "    return q\n"
    return text


def _product(norm: str, number: int) -> str:
    with localcontext() as context:
        context.prec = _DIGITS
        return str(Decimal(norm) * number)


def files() -> dict[Path, str]:
    """polar.h (csrc/ops/edge_sh/generated) and .py (kernels/generated)."""
    return {
        ROOT / "csrc" / "ops" / "edge_sh" / "generated" / "polar.h": cpp(),
        ROOT / "kernels" / "generated" / "polar.py": python(),
    }
