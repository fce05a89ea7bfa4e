"""What an op of a compiled backend is to torch: the one convention for all of them.

An op `fastlattice::<name>` takes its arguments one by one, as its schema lists them; a second op,
`fastlattice::<name>_backward`, takes the cotangents and the same arguments and gives the gradients that are wanted.
Each op's folder has a custom_op.py with its `CustomOp`; its backends define implementations of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch

from fastlattice._observers import batched, has_tangent, in_transform, observed


@dataclass(frozen=True)
class CustomOp:
    """What all implementations of an op share: its schema, its shapes, and which gradients are computed together.

    Attributes:
        op: its public name.
        arguments: their types and names as in a schema: "Tensor features, Tensor[] weights, float agg_norm".
        groups: names of the arguments with gradients; those of a group are computed together, or not at all.
        fake: takes the arguments, returns empty results.
        results: how many results are differentiable.
        kept: how many more there are, which only the backward op reads.
        portable: whether backend="torch" has the op in plain torch, and so all derivatives of it.
    """

    op: str
    arguments: str
    groups: tuple[tuple[str, ...], ...]
    fake: Callable[..., Any]
    results: int = 1
    kept: int = 0
    portable: bool = True

    @cached_property
    def _types(self) -> dict[str, str]:
        """The type of each argument by its name."""
        return {name: kind for kind, name in (one.rsplit(" ", 1) for one in self.arguments.split(", "))}

    @cached_property
    def _groups(self) -> list[list[int]]:
        """The groups as positions among the arguments."""
        places = {name: place for place, name in enumerate(self._types)}
        return [[places[name] for name in group] for group in self.groups]

    @cached_property
    def _single(self) -> list[int]:
        return [place for place, kind in enumerate(self._types.values()) if kind in ("Tensor", "Tensor?")]

    @cached_property
    def _lists(self) -> list[int]:
        return [place for place, kind in enumerate(self._types.values()) if kind == "Tensor[]"]

    def tensors(self, inputs: Sequence[Any]) -> list[torch.Tensor | None]:
        """The tensors among the arguments, first the single ones, then those of lists."""
        found = [inputs[place] for place in self._single]
        for place in self._lists:
            found += inputs[place]
        return found

    def room(self, inputs: Sequence[Any], wanted: Sequence[bool]) -> list[Any]:
        """For each argument with gradients, group after group: an empty tensor like it, or a list of them.

        None stands for those of a group that is not wanted.
        """
        out: list[Any] = []
        for group, asked in zip(self._groups, wanted, strict=True):
            for place in group:
                value = inputs[place]
                if not asked:
                    out.append(None)
                elif isinstance(value, torch.Tensor):
                    out.append(value.new_empty(value.shape))
                else:
                    out.append([one.new_empty(one.shape) for one in value])
        return out

    def wanted(self, room: Sequence[Any]) -> list[torch.Tensor]:
        """What a backward op returns: the tensors in `room`, one after another."""
        found: list[torch.Tensor] = []
        for one in room:
            if isinstance(one, torch.Tensor):
                found.append(one)
            elif one is not None:
                found += one
        return found

    def define(
        self,
        name: str,
        forward: Callable[..., Any],
        backward: Callable[..., list[torch.Tensor]],
        device_types: str | None = None,
        dense: Callable[[torch.Tensor], torch.Tensor] = torch.Tensor.contiguous,
    ) -> Callable[..., Any]:
        """Registers `fastlattice::<name>` and `fastlattice::<name>_backward`.

        Args:
            name: of this implementation.
            forward: takes the arguments, with contiguous tensors; returns the results.
            backward: takes one cotangent for each differentiable result, what was kept, the arguments, and for each
                group whether it is wanted; returns the gradients of those that are, one after another.
            device_types: where they run; None: anywhere.
            dense: makes a tensor contiguous.

        Returns:
            The op, which has first derivatives in reverse mode. Others are refused by an error that says what has them.
        """
        run_forward = self._on_dense(forward, dense)
        run_backward = self._on_dense(backward, dense, self.results + self.kept)
        returns = ", ".join(["Tensor"] * (self.results + self.kept))
        extra = ", ".join(f"Tensor grad_{n}" for n in range(self.results)) + self.kept * ", Tensor kept"
        schema = f"({self.arguments}) -> " + (returns if self.results + self.kept == 1 else f"({returns})")
        backward_schema = f"({extra}, {self.arguments}, bool[] wanted) -> Tensor[]"
        options: dict[str, Any] = {"mutates_args": (), "device_types": device_types}
        run = torch.library.custom_op(f"fastlattice::{name}", run_forward, schema=schema, **options)
        name_backward = f"fastlattice::{name}_backward"
        gradient = torch.library.custom_op(name_backward, run_backward, schema=backward_schema, **options)
        run.register_fake(self.fake)
        gradient.register_fake(self._fake_backward)
        run.register_autograd(
            lambda ctx, *grads: self._gradients(gradient, ctx, ctx.needs_input_grad, *grads), setup_context=self._keep
        )
        self._refuse_second(gradient)
        recorded = self._recorded(run_forward, run_backward, gradient)

        def call(*arguments: Any) -> Any:
            if torch.compiler.is_compiling():
                return run(*arguments)
            if in_transform():
                raise RuntimeError(self._no(_TRANSFORMS))
            tensors = self.tensors(arguments)
            if has_tangent(tensors):
                raise RuntimeError(self._no("forward-mode derivatives (torch.func.jvp, jacfwd, hessian)"))
            if observed(tensors):
                return run(*arguments)
            if torch.is_grad_enabled() and any(tensor is not None and tensor.requires_grad for tensor in tensors):
                return recorded.apply(arguments, *tensors)
            return run_forward(*arguments)

        return call

    def _recorded(
        self, run_forward: Callable[..., Any], run_backward: Callable[..., Any], gradient: Any
    ) -> type[torch.autograd.Function]:
        """The op and its derivative where only autograd looks on: the dispatcher takes as long as a short op, twice."""

        class Recorded(torch.autograd.Function):
            @staticmethod
            def forward(ctx: Any, arguments: tuple[Any, ...], *tensors: torch.Tensor) -> Any:
                output = run_forward(*arguments)
                self._keep(ctx, arguments, output)
                return output

            @staticmethod
            def backward(ctx: Any, *grads: torch.Tensor | None) -> tuple[Any, ...]:
                seen = torch.is_grad_enabled() or observed(grads) or batched(grads)
                backward = gradient if seen else run_backward
                asked = iter(ctx.needs_input_grad[1:])
                need: list[Any] = [False] * len(ctx.rest)
                for place in self._single:
                    need[place] = next(asked)
                for place in self._lists:
                    need[place] = [next(asked) for _ in range(ctx.lists[place])]
                return None, *self.tensors(self._gradients(backward, ctx, need, *grads))

        return Recorded

    def _on_dense(
        self, function: Callable[..., Any], dense: Callable[[torch.Tensor], torch.Tensor], before: int = 0
    ) -> Callable[..., Any]:
        """The function, called with contiguous tensors; `before` tensors stand before the arguments."""
        single = [*range(before), *(place + before for place in self._single)]
        lists = [place + before for place in self._lists]

        def on_dense(*arguments: Any) -> Any:
            found = list(arguments)
            for place in single:
                value = found[place]
                if value is not None and not value.is_contiguous():
                    found[place] = dense(value)
            for place in lists:
                found[place] = list(map(torch.Tensor.contiguous, found[place]))
            return function(*found)

        return on_dense

    def _fake_backward(self, *arguments: Any) -> list[torch.Tensor]:
        *inputs, wanted = arguments[self.results + self.kept :]
        return self.wanted(self.room(inputs, wanted))

    def _keep(self, ctx: Any, inputs: Sequence[Any], output: Any) -> None:
        kept = list(output[self.results :]) if self.kept else []
        if kept:
            ctx.mark_non_differentiable(*kept)
            ctx.set_materialize_grads(False)  # none for what is kept, as large as all features
        lists = {place: len(inputs[place]) for place in self._lists}
        tensors = {*self._single, *self._lists}
        ctx.lists, ctx.rest = lists, [None if place in tensors else value for place, value in enumerate(inputs)]
        ctx.save_for_backward(*kept, *self.tensors(inputs))

    def _gradients(self, backward: Any, ctx: Any, flags: Sequence[Any], *grads: torch.Tensor | None) -> tuple[Any, ...]:
        """One gradient for each argument that asks for it, in the structure that torch expects: lists for lists."""
        if not torch.compiler.is_compiling() and in_transform():
            raise RuntimeError(self._no(_TRANSFORMS))
        inputs: list[Any] = list(ctx.rest)
        out: list[Any] = [None] * len(inputs)
        if self._lists:  # then torch takes lists of no numbers for such of no tensors
            out = [[] if isinstance(value, (list, tuple)) and not value else None for value in inputs]
        saved = iter(ctx.saved_tensors)  # read once: each time may compute them anew
        kept = [next(saved) for _ in range(self.kept)]
        for place in self._single:
            inputs[place] = next(saved)
        for place in self._lists:
            inputs[place] = [next(saved) for _ in range(ctx.lists[place])]
            out[place] = [None] * ctx.lists[place]
        cotangents = grads[: self.results]
        if any(grad is None for grad in cotangents):
            return tuple(out)
        need = [any(one) if isinstance(one, (list, tuple)) else one for one in flags]
        wanted = [any(need[place] for place in group) for group in self._groups]
        try:
            found = iter(backward(*cotangents, *kept, *inputs, wanted))
        except RuntimeError as error:
            if "Batching rule not implemented" in str(error):  # torch's own for is_grads_batched
                raise RuntimeError(self._no(_TRANSFORMS)) from error
            raise
        for group, asked in zip(self._groups, wanted, strict=True):
            for place in group if asked else ():
                out[place] = [next(found) for _ in range(ctx.lists[place])] if place in ctx.lists else next(found)
        return tuple(out)

    def _no(self, what: str) -> str:
        return f"this {self.op} has no {what}" + ("; backend='torch' has" if self.portable else "")

    def _refuse_second(self, gradient: Any) -> None:
        """Makes the derivative of the backward op an error that says what to do."""

        def setup(ctx: Any, inputs: Any, output: Any) -> None:
            pass

        def second(ctx: Any, *grads: Any) -> None:
            hint = "; backend='torch' has all of them" if self.portable else ""
            raise RuntimeError(f"this {self.op} has first derivatives only{hint}")

        gradient.register_autograd(second, setup_context=setup)


_TRANSFORMS = "rules for the transforms of torch.func and for batched gradients"
