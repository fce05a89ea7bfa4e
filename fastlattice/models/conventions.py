"""What a network's output and its radii mean."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from fastlattice.errors import ConfigError


@dataclass(frozen=True)
class Conventions:
    """What a network's raw output and its radii mean.

    Attributes:
        quantity: the raw output times `scale` is "C" (the stiffness in units of the solid's Young's modulus) or
            "C/density" (that divided by the relative density).
        scale: see `quantity`; 1 unless the training targets were scaled.
        radii: "strut" where radii are those of the struts; "both_directions" where the training data took the radius
            from the density by counting every strut twice, so that the network saw radii smaller by sqrt(2).

    Raises:
        ConfigError: an entry is none of these.
    """

    quantity: str = "C"
    scale: float = 1.0
    radii: str = "strut"

    def __post_init__(self) -> None:
        for name, allowed in (("quantity", ("C", "C/density")), ("radii", ("strut", "both_directions"))):
            if getattr(self, name) not in allowed:
                raise ConfigError(f"{name} is {getattr(self, name)!r}; choose from {', '.join(allowed)}")
        if not 0 < self.scale < float("inf"):
            raise ConfigError(f"scale is {self.scale}; it must be a positive number")

    @property
    def radius_factor(self) -> float:
        """What a strut's radius is multiplied by before the network sees it."""
        return 0.5**0.5 if self.radii == "both_directions" else 1.0

    def raw_output(self, stiffness: torch.Tensor, relative_density: torch.Tensor) -> torch.Tensor:
        """[B, 6, 6] what a network returns where it is right.

        Args:
            stiffness: [B, 6, 6] in units of the solid's Young's modulus.
            relative_density: [B].
        """
        raw = stiffness / self.scale
        return raw / relative_density[:, None, None] if self.quantity == "C/density" else raw

    @classmethod
    def preset(cls, name: str) -> Conventions:
        """Conventions by the name of the work that keeps them; `PRESETS` has them all.

        Raises:
            ConfigError: there is no such name.
        """
        if name not in PRESETS:
            raise ConfigError(f"there are no conventions {name!r}; choose from {', '.join(PRESETS)}")
        return PRESETS[name]


PRESETS = {
    # The released training script learns 10 C / density; its data loader takes radii from the density as if every
    # strut were there twice.
    "grega2024": Conventions(quantity="C/density", scale=0.1, radii="both_directions"),
}
"""Grega et al. (2024): "grega2024"."""


def above_bound(stiffness: torch.Tensor, relative_density: torch.Tensor) -> torch.Tensor:
    """[B] bool, true where a stiffness is more than any lattice of slender struts can have.

    The affine bound: struts that only stretch, all along one direction, have the largest eigenvalue density x E_s. A
    thousandth is left for rounding. False where there is no stiffness.

    Args:
        stiffness: [B, 6, 6] Mandel in units of E_s.
        relative_density: [B].
    """
    known = ~stiffness.isnan().any(-1).any(-1)
    largest = torch.linalg.eigvalsh(stiffness.where(known[:, None, None], 0.0))[:, -1]
    return known & (largest > 1.001 * relative_density)
