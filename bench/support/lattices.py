"""The lattices that everything is timed on: 1,024 perturbed RCSR nets of the sizes of Grega et al.'s sample.

nets.txt, beside this file, names 256 nets whose numbers of nodes and struts are distributed as in the sample of 396
lattices that the authors published (20 nodes and 45 struts on average, 60 and 144 at most). Each comes four times, with
its nodes moved by each of LEVELS and with a relative density from DENSITIES. Any 64 neighbours are a fair sample of
all.
Index arrays are exact. Geometry is rounded to 2^-20 of the largest cell constant (radii: 2^-26), far coarser than what
cosines, square roots and random normals of different machines may differ by, so that all machines have the same bits:
SHA256 is the digest of all arrays, and a run checks it before it times anything.

    python -m bench.support.lattices CATALOGUE.lat    chooses the nets again and prints the new digest
"""

import hashlib
import sys
from functools import cache
from pathlib import Path

import numpy as np
import torch

from fastlattice import LatticeBatch, rcsr_batch, rcsr_net, read_catalogue
from fastlattice.topologies import nets

NETS = Path(__file__).parent / "nets.txt"
COUNT = 1024
LEVELS = (0.0, 0.03, 0.06, 0.1)  # of the largest cell constant
DENSITIES = (0.003, 0.03)  # from, to; equally spaced on a logarithmic scale, in a scrambled order
SHA256 = "b622207d48554d2a267830be239095dbd58d06cb3e599745f1b87601f2a141ff"


@cache
def lattices() -> LatticeBatch:
    """The 1,024 lattices.

    Raises:
        RuntimeError: they are not those that SHA256 stands for.
    """
    batch = _made(NETS.read_text().split())
    if (found := digest(batch)) != SHA256:
        raise RuntimeError(f"the lattices to time on are not the committed ones: SHA-256 {found}, expected {SHA256}")
    return batch


def sample(count: int) -> LatticeBatch:
    """The `count` neighbours whose numbers of nodes and struts are nearest to 20 and 45 a lattice."""
    whole, far = lattices(), 0
    for offsets, average in ((whole.node_offsets, 20), (whole.strut_offsets, 45)):
        far = far + ((offsets[count:] - offsets[:-count]) / (average * count) - 1).abs()
    row = int(far.argmin())
    return whole[row : row + count]


def digest(batch: LatticeBatch) -> str:
    """SHA-256 of all arrays as little-endian bytes, indices int64 and geometry float64, names aside."""
    whole = hashlib.sha256()
    for array in (batch.node_offsets, batch.strut_offsets, batch.struts, batch.shifts):
        whole.update(array.numpy().astype("<i8").tobytes())
    for array in (batch.cell, batch.positions, batch.radii):
        whole.update(array.numpy().astype("<f8").tobytes())
    return whole.hexdigest()


def _made(names: list[str]) -> LatticeBatch:
    low, high = DENSITIES
    made = []
    for k in range(COUNT):
        net, turn = k % len(names), k // len(names)
        density = low * (high / low) ** ((k * 387 % COUNT + 0.5) / COUNT)  # 387 / 1024 is near the golden ratio
        moved = rcsr_net(names[net]).perturb(LEVELS[(net + turn) % len(LEVELS)], seed=k)
        made.append(moved.with_relative_density(density))
    batch = LatticeBatch.from_lattices(made)
    for array, digits in ((batch.cell, 20), (batch.positions, 20), (batch.radii, 26)):
        array.mul_(2.0**digits).round_().mul_(2.0**-digits).add_(0.0)  # no negative zeros
    return batch


def _chosen(catalogue: Path, count: int = COUNT // len(LEVELS)) -> list[str]:
    """Nets whose numbers of nodes and struts follow those of a catalogue, in an order that mixes the sizes."""
    from scipy.optimize import linear_sum_assignment

    def sizes(batch: LatticeBatch) -> np.ndarray:
        return torch.stack([batch.node_counts, batch.strut_counts], 1).numpy()

    wanted = sizes(read_catalogue(catalogue))
    wanted = wanted[np.lexsort(wanted.T[::-1])]  # by nodes, then struts
    wanted = wanted[((np.arange(count) + 0.5) / count * len(wanted)).astype(int)]
    cost = np.abs(np.log(sizes(rcsr_batch())[None]) - np.log(wanted[:, None])).sum(2)
    _, nets_of = linear_sum_assignment(cost)
    names = np.array(nets.rcsr_names())[nets_of]
    return names[np.arange(count) * 99 % count].tolist()  # 99 / 256 is near the golden ratio


if __name__ == "__main__":
    chosen = _chosen(Path(sys.argv[1]))
    lines = [" ".join(chosen[start : start + 16]) for start in range(0, len(chosen), 16)]
    NETS.write_text("\n".join(lines) + "\n")
    print(digest(_made(chosen)))
