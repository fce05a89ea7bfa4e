"""The one table of tolerances, relative to the largest entry of what is compared."""

import torch

GOLDEN_OUTPUT = 1e-10  # fp64, of the largest entry of the stiffness
GOLDEN_GRADIENT = 1e-9  # fp64, of the largest gradient of the model

# One op, or a whole network, against the reference or against what symmetry demands.
OP_FORWARD = {torch.float64: 1e-12, torch.float32: 5e-6}
OP_GRADIENT = {torch.float64: 1e-12, torch.float32: 5e-6}
MODEL_FORWARD = {torch.float64: 1e-11, torch.float32: 1e-4}
MODEL_GRADIENT = {torch.float64: 1e-10, torch.float32: 1e-3}


def difference(found: torch.Tensor, expected: torch.Tensor) -> float:
    """Largest difference, relative to the largest entry expected; NaN counts as infinite."""
    assert found.shape == expected.shape, (found.shape, expected.shape)
    if expected.numel() == 0:
        return 0.0
    scale = expected.detach().abs().max().clamp_min(torch.finfo(expected.dtype).tiny)
    return float(((found.detach() - expected.detach()).abs().max() / scale).nan_to_num(float("inf")))
