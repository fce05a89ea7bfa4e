"""What custom ops of all backends share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch


def once_differentiable(backward: Any, op: str) -> None:
    """Makes the derivative of a custom op's backward op an error that says what to do."""

    def setup(ctx, inputs, output) -> None:  # type: ignore[no-untyped-def]
        pass

    def refuse(ctx, *grads):  # type: ignore[no-untyped-def]
        raise RuntimeError(f"this {op} has first derivatives only; backend='torch' has all of them")

    backward.register_autograd(refuse, setup_context=setup)


@dataclass(frozen=True)
class CustomOp:
    """What all compiled implementations of an op share: shapes for tracing, and how its gradients follow.

    Attributes:
        op: its public name.
        fake: takes the arguments of the op, returns empty results.
        fake_backward: takes the arguments of the backward op, returns empty gradients.
        setup: takes the context, the inputs and the output, and keeps what the backward op needs.
        formula: takes the backward op, the context and the cotangents, and returns one gradient for each input.
    """

    op: str
    fake: Callable[..., Any]
    fake_backward: Callable[..., Any]
    setup: Callable[..., None]
    formula: Callable[..., Any]

    def define(
        self, name: str, forward: Callable[..., Any], backward: Callable[..., Any], device_types: str | None = None
    ) -> Any:
        """Registers `fastlattice::<name>` and `fastlattice::<name>_backward`.

        Args:
            name: of this implementation.
            forward: runs the op; its annotations are the signature.
            backward: runs the backward op, likewise.
            device_types: where they run; None: anywhere.

        Returns:
            The op, which has first derivatives.
        """
        run = torch.library.custom_op(f"fastlattice::{name}", forward, mutates_args=(), device_types=device_types)
        slope = torch.library.custom_op(
            f"fastlattice::{name}_backward", backward, mutates_args=(), device_types=device_types
        )
        run.register_fake(self.fake)
        slope.register_fake(self.fake_backward)
        run.register_autograd(lambda ctx, *grads: self.formula(slope, ctx, *grads), setup_context=self.setup)
        once_differentiable(slope, self.op)

        def call(*arguments: Any) -> Any:
            # Where nothing is recorded, for gradients, a compiler or a profiler, the dispatcher has nothing to do, and
            # its way is as long as a short op's.
            recorded = (
                torch.is_grad_enabled() or torch.compiler.is_compiling() or torch._C._autograd._profiler_enabled()
            )
            return run(*arguments) if recorded else forward(*arguments)

        return call
