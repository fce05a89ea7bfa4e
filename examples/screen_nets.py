"""The stiffest nearly isotropic lattices of density 0.02 among perturbed nets: 20,000, or as many as you say.

python examples/screen_nets.py [COUNT [ENGINE]]; ENGINE is fe (exact), or a network such as base, whose best are
certified. Draws the ten best, and where the best lies among nets of all densities (extra "plot").
"""

import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet

import fastlattice
from fastlattice import screening
from fastlattice.pictures.maps import plot_map
from fastlattice.pictures.plot import plot_summaries

count, engine = (*sys.argv[1:3], *("20000", "fe")[len(sys.argv) - 1 :])
source = screening.open_source(f"nets:rcsr?level=0..0.05&density=0.02&count={count}&seed=1")
options = screening.parsed("anisotropy < 0.1 and beam_valid", top=10, by="E_min", certify=10)
job = screening.job_of(source, screening.open_engine(engine), options)

folder = Path("isotropic")
outcome = screening.run(job, folder, resume=folder.exists())  # stopped? Start it again: it goes on
print(f"{outcome.rows} lattices in {outcome.seconds:.1f} s")

best = parquet.read_table(folder / "certified.parquet")  # the exactly stiffest first
for row in best.to_pylist():
    print(f"{row['name']:6s} {row['id']:8d}   E from {row['E_min']:.2e} E_s, exactly {row['E_min_fe']:.2e}")
lattices = screening.lattices_of(source, best["id"].to_numpy())
stiffness = fastlattice.homogenise(lattices).stiffness
plot_summaries(list(zip(lattices, stiffness, strict=True)), "best.png")

others = fastlattice.screen("nets:rcsr?level=0..0.05&density=0.001..0.1&count=20000&seed=2", extremes=True)
cloud = [{name: np.asarray(part.columns[name]) for name in ("density", "E_min")} for part in others]
found = [{"density": best["density"].to_numpy(), "E_min": best["E_min_fe"].to_numpy()}]
columns = {name: np.concatenate([part[name] for part in found + cloud]) for name in ("density", "E_min")}
plot_map(columns, "map.png", y="E_min", best=[0], title="The stiffest isotropic one among 20,000 nets")
print("best.png, map.png")
