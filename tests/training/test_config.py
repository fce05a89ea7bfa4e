"""A configuration is checked by name and type before anything is computed."""

from pathlib import Path
from typing import Any

import pytest
import torch

from fastlattice.errors import ConfigError
from fastlattice.training.building import learning_rate, optimiser_of
from fastlattice.training.config import OptimiserSettings, ScheduleSettings, TrainingConfig
from tests.support.training import SETTINGS, network

yaml = pytest.importorskip("yaml")
MINIMAL = {"model": {"settings": SETTINGS}, "schedule": {"steps": 10}}


def with_entry(name: str, value: Any) -> dict[str, Any]:
    section, _, entry = name.partition(".")
    return {**MINIMAL, section: {**MINIMAL.get(section, {}), entry: value}}


def test_what_is_left_out_has_its_default_and_what_is_written_is_resolved(tmp_path: Path) -> None:
    config = TrainingConfig.from_mapping(MINIMAL)
    assert config.optimiser.betas == (0.9, 0.99)
    config.to_yaml(tmp_path / "config.yaml")
    written = yaml.safe_load((tmp_path / "config.yaml").read_text())
    assert written["model"]["settings"]["message_passes"] == 2
    assert written["model"]["conventions"] == {"quantity": "C/density", "scale": 1.0, "radii": "strut"}
    assert written["validation"]["metric"] == "L_dir_rel (sqrt gamma)"
    assert TrainingConfig.from_yaml(tmp_path / "config.yaml") == config


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (with_entry("optimiser.learning_rat", 1.0), r"optimiser\.learning_rat: .* did you mean 'learning_rate'"),
        ({**MINIMAL, "optimizer": {}}, "optimizer: there is no such entry; did you mean 'optimiser'"),
        (with_entry("data.zzz", 1), r"data\.zzz: there is no such entry; there are files, "),
        (with_entry("data.batch", "many"), r"data\.batch is 'many'; it must be an integer"),
        (with_entry("data.batch", True), r"data\.batch is True; it must be an integer"),
        (with_entry("data.batch", 0), r"data\.batch is 0; it must be at least 1"),
        (with_entry("data.rotate", 1), r"data\.rotate is 1; it must be true or false"),
        (with_entry("data.files", "a.lat"), r"data\.files is 'a\.lat'; it must be a list"),
        (with_entry("optimiser.betas", [0.9]), r"optimiser\.betas is \[0\.9\]; it must be a list of 2"),
        (with_entry("optimiser.betas", [0.9, 1.0]), r"optimiser\.betas is .* below 1"),
        (with_entry("optimiser.learning_rate", -1.0), r"optimiser\.learning_rate is -1\.0; it must be above 0"),
        (with_entry("optimiser.learning_rate", float("nan")), r"learning_rate is nan; it must be a finite number"),
        (
            with_entry("loss.name", "mse"),
            r"loss\.name is 'mse'; choose from relative_frobenius, log_frobenius, squared, whitened, smooth",
        ),
        (with_entry("optimiser.name", "sgd"), r"optimiser\.name is 'sgd'; choose from adamw, radam"),
        ({**MINIMAL, "optimiser": {"name": "radam", "amsgrad": True}}, r"optimiser\.amsgrad belongs to adamw"),
        (with_entry("schedule.clock", "sun"), r"schedule\.clock is 'sun'; choose from wall, processor"),
        (with_entry("validation.rotations", -1), r"validation\.rotations is -1; it must be at least 0"),
        (
            with_entry("validation.metric", "L_dir_rel"),
            r"metric is 'L_dir_rel'; choose from .*L_dir_rel \(sqrt gamma\)",
        ),
        (with_entry("schedule.minutes", 3), "exactly one of steps, samples and minutes"),
        (with_entry("model.network", "LatticeMICE"), r"model\.network is 'LatticeMICE'; choose from .*LatticeMACE"),
        (with_entry("model.settings", {**SETTINGS, "lmaks": 4}), r"model\.settings: .*lmaks.* did you mean 'lmax'"),
        (with_entry("model.conventions", {"quantity": "E"}), "quantity is 'E'"),
        (with_entry("model.conventions", {"quality": "C"}), r"model\.conventions\.quality: .* mean 'quantity'"),
        ({**MINIMAL, "data": {"files": ["a.lat"], "recipe": {"level": 0.1}}}, r"data\.recipe belongs to a stream"),
        ({**MINIMAL, "run": 3}, "run must be a mapping, not 3"),
    ],
)
def test_what_is_wrong_is_named(entries: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        TrainingConfig.from_mapping(entries)


def test_changes_take_the_place_of_the_file_and_are_checked_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(MINIMAL))
    config = TrainingConfig.from_yaml(path, ["optimiser.learning_rate=1e-3", "data.files=[a.lat, b.lat]", "run.seed=7"])
    assert config.optimiser.learning_rate == 1e-3
    assert config.data.files == ("a.lat", "b.lat")
    assert config.run.seed == 7


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (["run.sed=7"], "did you mean 'seed'"),
        (["7"], r"section\.name=value"),
        (["run.seed=1", "run.seed.x=1"], "seed is a value, not a section"),
    ],
)
def test_bad_changes_are_refused(changes: list[str], said: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(MINIMAL))
    with pytest.raises(ConfigError, match=said):
        TrainingConfig.from_yaml(path, changes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schedule: {steps: 1, steps: 2}", "'steps' is there twice"),
        ("schedule: [", "not YAML"),
        ("- 1", "mapping of sections"),
        ("model: !!python/object/apply:os.system ['touch executed']", "not YAML"),
    ],
)
def test_a_file_that_is_no_configuration_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=said):
        TrainingConfig.from_yaml(path)


def test_the_learning_rate_rises_then_falls_like_a_cosine() -> None:
    settings = ScheduleSettings(steps=100, warm_up=4, last=0.1)
    rates = [learning_rate(settings, step, step / 100) for step in range(101)]
    assert rates[0] == pytest.approx(0.25, rel=1e-2)
    assert rates[50] == pytest.approx(0.55)
    assert rates[100] == pytest.approx(0.1)
    assert rates[4:] == sorted(rates[4:], reverse=True)
    constant = ScheduleSettings(steps=100, warm_up=0, decay="constant")
    assert {learning_rate(constant, step, step / 100) for step in range(101)} == {1.0}


def test_learning_rates_are_scaled_as_the_network_says() -> None:
    model = network()
    settings = OptimiserSettings(scale_learning_rates=True)
    names = [name for name, _ in model.named_parameters()]
    scales = {names[0]: 3.0, names[2]: 3.0}
    model.parameter_scales = lambda: scales  # type: ignore[assignment]
    groups = optimiser_of(model, settings).param_groups
    found = {id(parameter): group["scale"] for group in groups for parameter in group["params"]}
    assert [found[id(parameter)] for parameter in model.parameters()] == [scales.get(name, 1.0) for name in names]
    model.parameter_scales = None  # type: ignore[assignment]
    with pytest.raises(ConfigError, match=r"scale_learning_rates: a LatticeMACE has no parameter_scales"):
        optimiser_of(model, settings)


def test_the_optimiser_is_the_one_that_is_named() -> None:
    common = {"learning_rate": 0.1, "betas": (0.8, 0.9), "epsilon": 1e-7, "weight_decay": 0.3}
    start = torch.tensor([1.0, -2.0])
    found = {}
    for name, kind in (("adamw", torch.optim.AdamW), ("radam", torch.optim.RAdam)):
        model = torch.nn.ParameterList([start.clone()])
        optimiser = optimiser_of(model, OptimiserSettings(name=name, **common))  # type: ignore[arg-type]
        assert type(optimiser) is kind
        for step in range(8):  # RAdam is another thing in its first steps
            model[0].grad = torch.tensor([1.0, 0.5 - step])
            optimiser.step()
        found[name] = model[0].detach().clone()
    theirs = start.clone().requires_grad_()
    by_hand = torch.optim.RAdam([theirs], 0.1, (0.8, 0.9), 1e-7, 0.3, decoupled_weight_decay=True)
    for step in range(8):
        theirs.grad = torch.tensor([1.0, 0.5 - step])
        by_hand.step()
    assert torch.allclose(found["radam"], theirs, rtol=1e-6)
    assert not torch.allclose(found["adamw"], found["radam"], rtol=1e-2)
