"""What knows nothing, beside networks: errors on the test sets. Run as `python recipes/trivial.py`.

zero: no stiffness at all; median: one tensor times the density, the median over all lattices of the set; affine: the
bound C_0 of lattices whose nodes follow the strain, which the network "base" starts from.
"""

import torch

from fastlattice.data.sets import test_set
from fastlattice.lattice import LatticeBatch
from fastlattice.models import StiffnessModel
from fastlattice.models.mace.mechanics import local_mechanics
from fastlattice.training.metrics import metrics

FIGURES = ("L_dir_rel (sqrt gamma)", "L_dir_rel (mean directional)", "eigenvalue 1")


def affine(batch: LatticeBatch) -> torch.Tensor:
    """[B, 6, 6] the affine bound."""
    graph = StiffnessModel.from_pretrained("base").double().inputs(batch)
    sender, receiver = graph.edge_index
    vectors = graph.positions[receiver] - graph.positions[sender] + graph.shifts
    return local_mechanics(graph, vectors, torch.ones(len(batch), dtype=torch.float64), batch.volume).bound


def main() -> None:
    """Prints the table."""
    print("| set | predictor | " + " | ".join(FIGURES) + " |\n|---|---|" + "---|" * len(FIGURES))
    for name in ("T1", "T3", "T4"):
        batch = test_set(name)
        target, density = batch.columns["target"], batch.relative_density[:, None, None]
        assert isinstance(target, torch.Tensor)
        typical = (target / density).median(0).values * density
        for label, found in (("zero", 0 * target), ("median", typical), ("affine", affine(batch))):
            values = metrics(found, target)
            cells = [f"{values[figure].mean():.3f} ({values[figure].median():.3f})" for figure in FIGURES]
            print(f"| {name} | {label} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
