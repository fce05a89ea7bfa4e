"""A batch that is worked on in pieces gives what it gives whole."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from fastlattice import LatticeBatch, homogenise, rcsr_batch, unit_cell
from fastlattice.fe import pieces


def set_first(monkeypatch: pytest.MonkeyPatch, struts: int) -> None:
    """Sets the struts of the first piece, whatever the cells."""
    for name in ("STRUTS", "SMALL_STRUTS"):
        monkeypatch.setattr(pieces, name, struts)


@pytest.mark.parametrize("struts", [1, 40, 1000])
def test_pieces_change_no_bit(monkeypatch: pytest.MonkeyPatch, struts: int) -> None:
    batch = rcsr_batch(0.02)[::40]
    batch.radii.requires_grad_()
    set_first(monkeypatch, 10**9)
    whole = homogenise(batch)
    (expected,) = torch.autograd.grad(whole.stiffness.nan_to_num().square().sum(), batch.radii)
    set_first(monkeypatch, struts)
    monkeypatch.setattr(pieces, "SECONDS", 1e-9)  # so that pieces shrink as far as they may
    parts = homogenise(batch)
    (gradient,) = torch.autograd.grad(parts.stiffness.nan_to_num().square().sum(), batch.radii)
    for name in ("stiffness", "status", "rank", "beam_valid", "culprit"):
        assert torch.equal(getattr(parts, name).nan_to_num(), getattr(whole, name).nan_to_num()), name
    assert torch.equal(gradient, expected)


def test_every_lattice_is_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    geometry = rcsr_batch(0.02)[:300]._columns_for_native()
    set_first(monkeypatch, 200)
    rows = [(part.lattices.start, part.lattices.stop) for part in pieces.pieces(geometry)]
    assert len(rows) > 1
    assert [begin for begin, _ in rows] == [0, *(end for _, end in rows[:-1])]
    assert rows[-1][1] == 300


def test_lattices_of_one_topology_come_together() -> None:
    """In small cells, a window of a stream is one piece; so is everything where no Ctrl-C is heard."""
    batch = LatticeBatch.from_lattices([unit_cell("octet", 0.02)] * 600)
    assert 4000 < len(batch.struts) < pieces.SMALL_STRUTS
    assert len(list(pieces.pieces(batch._columns_for_native()))) == 1
    large = rcsr_batch(0.02)
    large = LatticeBatch.concatenate([large] * (1 + pieces.STRUTS // len(large.struts)))._columns_for_native()
    assert len(list(pieces.pieces(large))) > 1
    with ThreadPoolExecutor(1) as pool:
        assert len(pool.submit(lambda: list(pieces.pieces(large))).result()) == 1
