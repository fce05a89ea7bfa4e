"""What custom ops of all backends share."""

from __future__ import annotations

from typing import Any


def once_differentiable(backward: Any, op: str) -> None:
    """Makes the derivative of a custom op's backward op an error that says what to do."""

    def setup(ctx, inputs, output) -> None:  # type: ignore[no-untyped-def]
        pass

    def refuse(ctx, *grads):  # type: ignore[no-untyped-def]
        raise RuntimeError(f"this {op} has first derivatives only; backend='torch' has all of them")

    backward.register_autograd(refuse, setup_context=setup)
