"""Makes of a training run the weights that come with the package: `python recipes/ship.py base runs/base-cooled`.

Without a run, those that come with it are measured anew.

Writes fastlattice/models/weights/NAME.safetensors with its card, and NAME.md, the card in words. Everything on the card
is measured here: the range of the samples from the run's own stream or files, the figures on T1, T3 and T4.
"""

import argparse
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from fastlattice import LatticeBatch
from fastlattice.data.bases import bases
from fastlattice.data.realisations import content_hash
from fastlattice.data.recipe import Recipe
from fastlattice.data.sets import test_set
from fastlattice.data.stream import Stream
from fastlattice.io.parquet import read_parquet
from fastlattice.models import StiffnessModel
from fastlattice.models.card import Card, quantities
from fastlattice.models.weights import FOLDER
from fastlattice.training import evaluate
from fastlattice.training.config import TrainingConfig

SETS = {
    "T1": "held-out nets, every node moved by 0.1 of the largest cell constant",
    "T3": "held-out nets as they are",
    "T4": "held-out random nets (Voronoi foams, Delaunay networks), moved by 0 and 0.1",
}
FIGURES = ("L_dir_rel (sqrt gamma)", "L_dir_rel (mean directional)", "relative Frobenius", "eigenvalue 1")
SUMMARIES = {
    "base": "Scale-free LatticeMACE that reads the mechanics around each node and stays below the affine bound; eight "
    "layers of 16 channels.",
    "small": "A smaller base, some seven times as fast: two layers of 16 channels, features to degree 3.",
    "hybrid": "Contains a truncated solver: eight steps of the relaxation at whose end are exact finite elements, and "
    "small's network for what they leave; not to be compared with networks that solve nothing.",
    "paper": "LatticeMACE+ve of Grega et al. (2024) as it is: two layers of 32 channels, lengths and radii of "
    "struts in, the square of a matrix out; for comparison with theirs. That square is not bounded: of some nets it is "
    "wrong by many orders of magnitude.",
}
_SAMPLES_SEEN = 16_384


def metrics_of(model: StiffnessModel) -> dict[str, dict[str, dict[str, float]]]:
    """Mean and median of the figures, by test set."""
    found = {}
    for name in SETS:
        summary = evaluate(model, test_set(name), name, rotations=2).summary()
        found[name] = {figure: {k: round(summary[figure][k], 4) for k in ("mean", "median")} for figure in FIGURES}
    return found


def of_stream(config: TrainingConfig) -> tuple[dict[str, Any], LatticeBatch]:
    """What a card says of the data, and some of the samples."""
    given = bases(**config.data.bases)
    stream = Stream(given, Recipe.from_dict(config.data.recipe), config.data.seed)
    words = (
        f"none seen twice: {len(given):,} base lattices (nets of the RCSR, unit cells, random nets), perturbed, "
        "strained, thinned, with radii of several kinds"
    )
    data = {"bases": len(given), "bases_sha256": content_hash(given), "stream": stream.recipe.to_dict()}
    return {**data, "words": words, "hashed": "the bases"}, stream.unlabelled(0, _SAMPLES_SEEN)


def of_files(config: TrainingConfig) -> tuple[dict[str, Any], LatticeBatch]:
    """The same of a run on files: all of its samples."""
    whole = LatticeBatch.concatenate([read_parquet(path) for path in config.data.files])
    words = f"{len(whole):,} of them in files, each seen many times and turned at random each time"
    return {
        "lattices": len(whole),
        "bases_sha256": content_hash(whole),
        "words": words,
        "hashed": "their content",
    }, whole


def short(value: float) -> str:
    """Three decimals, or of a large number two digits."""
    return f"{value:.3f}" if value < 100 else f"{value:.1e}"


def page(card: Card) -> str:
    """The card in words, as Markdown."""
    ranges = "\n".join(f"| {name} | {low:.3g} | {high:.3g} |" for name, (low, high) in card.trained.items())
    rows = [
        f"| {name}: {text} | "
        + " | ".join(
            "{} ({})".format(*(short(card.metrics[name][figure][kind]) for kind in ("mean", "median")))
            for figure in FIGURES
        )
        + " |"
        for name, text in SETS.items()
    ]
    return f"""# {card.name}

{card.summary}

- Trained on {card.samples:,} lattices, {card.data["words"]}, labelled by exact finite elements
  (Timoshenko beams, nu = 0.3). SHA-256 of {card.data["hashed"]}: `{card.data["bases_sha256"]}`.
- Output: stiffness in units of the solid's Young's modulus. Licence: {card.licence}.
- On small cells and a CPU exact finite elements (`fastlattice.homogenise`) are faster and right; see docs/accuracy.md.

| {"mean (median)"} | {" | ".join(FIGURES)} |
|---|{"---|" * len(FIGURES)}
{chr(10).join(rows)}

"eigenvalue 1" is the relative error of the smallest eigenvalue. `fastlattice evaluate {card.name} T1 T3 T4` makes these
figures. What it has seen; predictions outside are marked, and a warning says so:

| quantity | from | to |
|---|---|---|
{ranges}
"""


def shipped(name: str) -> StiffnessModel:
    """The weights that are there, with their figures as they are now."""
    model = StiffnessModel.from_pretrained(name)
    assert model.card is not None
    model.card = replace(model.card, metrics=metrics_of(model))
    return model


def trained(name: str, run: Path, samples: int) -> StiffnessModel:
    """The weights that a run has made, and their card."""
    config = TrainingConfig.from_yaml(run / "config.yaml")
    data, seen = of_files(config) if config.data.files else of_stream(config)
    model = StiffnessModel.load(run / "last.safetensors")
    model.card = Card(
        name=name,
        summary=SUMMARIES[name],
        licence="MIT",
        samples=samples,
        recipe=asdict(config),
        data=data,
        metrics=metrics_of(model),
        trained={name: (float(values.min()), float(values.max())) for name, values in quantities(seen).items()},
    )
    return model


def main() -> None:
    """Reads the run, measures, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=SUMMARIES)
    parser.add_argument("run", type=Path, nargs="?", help="folder of the run whose averaged weights are shipped")
    parser.add_argument("--samples", type=int, help="of all runs together, in steps times batch")
    arguments = parser.parse_args()
    if (arguments.run is None) != (arguments.samples is None):
        parser.error("a run and --samples belong together")
    name = arguments.name
    model = shipped(name) if arguments.run is None else trained(name, arguments.run, arguments.samples)
    model.save(FOLDER / f"{name}.safetensors")
    (FOLDER / f"{name}.md").write_text(page(model.card), encoding="utf-8")
    print(page(model.card))


if __name__ == "__main__":
    main()
