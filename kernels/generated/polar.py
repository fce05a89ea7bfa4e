"""Written by codegen/edge_sh.py; not to be edited."""

import triton
import triton.language as tl


@triton.jit
def polar(y, s, L: tl.constexpr):
    """q_lm(y), m = 0 ... l, of one degree l > 0."""
    one = tl.zeros_like(y) + 1
    if L == 1:
        q = (
            1.7320508075688772935 * y,
            1.7320508075688772935 * one,
        )
    elif L == 2:
        q = (
            1.1180339887498948482 * (3 * y * y - s),
            3.8729833462074168852 * y,
            1.9364916731037084426 * one,
        )
    elif L == 3:
        q = (
            1.3228756555322952953 * y * (5 * y * y - 3 * s),
            1.6201851746019650577 * (5 * y * y - s),
            5.1234753829797991916 * y,
            2.0916500663351888699 * one,
        )
    elif L == 4:
        q = (
            0.375 * (35 * y * y * y * y - 30 * y * y * s + 3 * s * s),
            2.371708245126284499 * y * (7 * y * y - 3 * s),
            1.6770509831248422723 * (7 * y * y - s),
            6.2749501990055666098 * y,
            2.218529918662356016 * one,
        )
    return q


@triton.jit
def polar_slope(y, s, L: tl.constexpr):
    """Their derivatives in y at fixed s = x^2 + y^2 + z^2."""
    one, zero = tl.zeros_like(y) + 1, tl.zeros_like(y)
    if L == 1:
        q = (
            1.7320508075688772935 * one,
            zero,
        )
    elif L == 2:
        q = (
            6.7082039324993690892 * y,
            3.8729833462074168852 * one,
            zero,
        )
    elif L == 3:
        q = (
            1.3228756555322952953 * (15 * y * y - 3 * s),
            16.201851746019650577 * y,
            5.1234753829797991916 * one,
            zero,
        )
    elif L == 4:
        q = (
            0.375 * y * (140 * y * y - 60 * s),
            2.371708245126284499 * (21 * y * y - 3 * s),
            23.478713763747791812 * y,
            6.2749501990055666098 * one,
            zero,
        )
    return q
