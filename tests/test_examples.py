"""Every script of examples/ runs as it stands and says what it promises."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
SAID = {
    "stiffness_from_arrays.py": r"relative density 0\.0544, C11 = 0\.\d+ GPa\n(E along .*\n){3}",
    "density_sweep.py": r"octet +G ~ rho\^1\.0\d: stretching\nkelvin +G ~ rho\^(1\.9|2\.0)\d: bending\n",
    "isotropic_nets.py": r"(\S+ +G = [\d.e-]+ E_s +A\^U = 0\.0[0-4]\d\n){5}",
    "original_checkpoint.py": r"octet: ok, C11 = .*\nsrs: ok, C11 = ",
    "other_networks.py": r"(\w+ +[\d,]+ parameters, .* error \de[+-]0[01]\n){3}LatticeMACE .* error \de-0[67]\n$",
    "training_loop.py": r"epoch 0: mean relative error ([\d.]+)\n(?:.*\n){4}epoch 5: .* ([\d.]+)\naveraged",
    "lightning_module.py": r"loss 0\.\d+\n",
    "accelerate_loop.py": r"epoch 0: mean relative error ([\d.]+)\n(?:.*\n){2}epoch 3: .* ([\d.]+)\n$",
    "gradients.py": r"step 0: E_x = ([\d.]+) .*\n(?:.*\n){3}step 40: E_x = ([\d.]+) E_s at density 0\.050\n",
    "screen_nets.py": r"20000 lattices in .* s\n(\S+ +\d+   E from (\S+) E_s, exactly \2\n){10}best\.png, map\.png\n$",
    "picture.py": r"octet\.png\n",
    "bone.py": r"off the ratios of bone by [01]\.\d+% .*\nnu12 = 0\.3.*\nnu13 = 0\.22.*\nnu23 = 0\.2[34].*\nbone.png",
    "into_abaqus.py": r"\*ELASTIC, TYPE=ANISOTROPIC\n(([^,\n]+, ){7}[^,\n]+\n){2}([^,\n]+, ){4}[^,\n]+\n$",
}
NEEDS = {
    "picture.py": "matplotlib",
    "bone.py": "matplotlib",
    "screen_nets.py": "matplotlib",
    "lightning_module.py": "lightning",
    "accelerate_loop.py": "accelerate",
}


def test_every_example_is_here() -> None:
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(SAID)


@pytest.mark.parametrize("name", SAID)
def test_example(name: str, tmp_path: Path) -> None:
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    source = (EXAMPLES / name).read_text()
    assert len(source.splitlines()) <= 40
    done = subprocess.run(
        [sys.executable, EXAMPLES / name], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    found = re.search(SAID[name], done.stdout)
    assert found, done.stdout
    if name in ("training_loop.py", "accelerate_loop.py"):
        assert float(found[2]) < 0.7 * float(found[1])
    if name == "gradients.py":
        assert float(found[2]) > 1.2 * float(found[1])
    for picture in re.findall(r"\w+\.png", done.stdout):
        assert (tmp_path / picture).stat().st_size > 10_000
