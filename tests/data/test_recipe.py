"""Recipes: what is refused, by name, and that what was written down comes back."""

import json
import math

import pytest

from fastlattice.data import Range, Recipe
from fastlattice.errors import ConfigError


def test_goes_through_json():
    recipe = Recipe(level=(0.0, 0.05), density=0.01, radii={"log-normal": 3, "uniform": 1}, removal=Range(0.1, 0.3))
    assert Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe


def test_mapping_names_only_what_differs():
    recipe = Recipe.from_dict({"level": {"low": 0.01, "high": 0.02}, "radii": "two-valued"})
    assert recipe.level == Range(0.01, 0.02)
    assert recipe.radii == {"uniform": 0.0, "two-valued": 1.0, "log-normal": 0.0}
    assert recipe.density == Recipe().density


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"levels": 0.1}, "no entry 'levels'"),
        ({"level": "high"}, "level is 'high'"),
        ({"level": -0.1}, "level is -0.1"),
        ({"level": []}, "level is an empty list"),
        ({"level": [0.1, math.nan]}, r"level\[1\] is nan"),
        ({"level": {"low": 0.1}}, "a range has low and high"),
        ({"level": {"low": 0.2, "high": 0.1}}, "from 0.2 down to 0.1"),
        ({"density": 0}, "density is 0"),
        ({"density": {"low": 1e-3, "high": 1}}, r"density.high is 1"),
        ({"removal_share": 1.5}, "removal_share is 1.5"),
        ({"strain_share": True}, "strain_share is True"),
        ({"strain": "none"}, "strain is 'none'"),
        ({"displacement": "normal"}, "displacement is 'normal'; choose from exact, gaussian"),
        ({"rotation": None}, "rotation is None"),
        ({"radii": {"thick": 1}}, "radii has 'thick'"),
        ({"radii": {"uniform": 0}}, "no weight is positive"),
        ({"radii": 1}, "radii is 1"),
        ({"max_slenderness": -1}, "max_slenderness is -1"),
        ([("level", 0.1)], "a recipe is a mapping"),
    ],
)
def test_refuses(entries, message):
    with pytest.raises(ConfigError, match=message):
        Recipe.from_dict(entries)
