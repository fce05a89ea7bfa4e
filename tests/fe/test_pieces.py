"""A batch that is worked on in pieces gives what it gives whole."""

import pytest
import torch

from fastlattice import homogenise, rcsr_batch
from fastlattice.fe import pieces


@pytest.mark.parametrize("struts", [1, 40, 1000])
def test_pieces_change_no_bit(monkeypatch: pytest.MonkeyPatch, struts: int) -> None:
    batch = rcsr_batch(0.02)[::40]
    batch.radii.requires_grad_()
    monkeypatch.setattr(pieces, "STRUTS", 10**9)
    whole = homogenise(batch)
    (expected,) = torch.autograd.grad(whole.stiffness.nan_to_num().square().sum(), batch.radii)
    monkeypatch.setattr(pieces, "STRUTS", struts)
    monkeypatch.setattr(pieces, "SECONDS", 1e-9)  # so that pieces shrink as far as they may
    parts = homogenise(batch)
    (gradient,) = torch.autograd.grad(parts.stiffness.nan_to_num().square().sum(), batch.radii)
    for name in ("stiffness", "status", "rank", "beam_valid", "culprit"):
        assert torch.equal(getattr(parts, name).nan_to_num(), getattr(whole, name).nan_to_num()), name
    assert torch.equal(gradient, expected)


def test_every_lattice_is_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    geometry = rcsr_batch(0.02)[:300]._columns_for_native()
    monkeypatch.setattr(pieces, "STRUTS", 200)
    rows = [(part.lattices.start, part.lattices.stop) for part in pieces.pieces(geometry)]
    assert len(rows) > 1
    assert [begin for begin, _ in rows] == [0, *(end for _, end in rows[:-1])]
    assert rows[-1][1] == 300
