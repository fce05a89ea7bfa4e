"""The authors' catalogues as training data."""

import numpy as np
import pytest
import torch

from fastlattice import CatalogueError, LatticeBatch, LatticeError, homogenise, unit_cell, write_catalogue
from fastlattice.data.catalogues import base_names, base_of_entry, of_bases, read_base_names, training_catalogue
from tests.support.published import authors_catalogue


@pytest.mark.parametrize(
    ("entry", "base"),
    [
        ("tet_Z04.7_E3597_p_0.0_-2530577189072416388", "tet_Z04.7_E3597"),
        ("trig_Z04.0_R57_p_0.02_6540257868403223304", "trig_Z04.0_R57"),
        ("my_p_lattice", "my_p_lattice"),
        ("a_p_b_p_0.1_7", "a_p_b"),
        ("", ""),
    ],
)
def test_the_base_within_an_entrys_name(entry, base):
    assert base_of_entry(entry) == base


@pytest.fixture
def catalogue(tmp_path):
    """Two bases; one entry with five densities, in no order, one without a label."""
    octet = [unit_cell("octet", rho) for rho in (0.03, 0.001, 0.01, 0.003, 0.0003)]
    kelvin = [unit_cell("kelvin", rho) for rho in (0.01, 0.02)]
    batch = LatticeBatch.from_lattices(octet + kelvin)
    target = homogenise(batch).stiffness
    target[4] = torch.nan
    names = ["cub_Z12.0_R1_p_0.0_11"] * 5 + ["cub_Z04.0_R2_p_0.0_-12"] * 2
    batch = batch.with_columns(
        name=names,
        base_name=["cub_Z12.0_R1"] * 5 + [""] * 2,
        imperfection_level=torch.zeros(7, dtype=torch.float64),
        relative_density=batch.relative_density,
        target=target,
    )
    write_catalogue(tmp_path / "a.lat", batch)
    return tmp_path / "a.lat"


def test_the_lowest_labelled_densities_of_each_entry(catalogue):
    batch = training_catalogue(catalogue)
    np.testing.assert_allclose(batch.columns["relative_density"], [0.001, 0.01, 0.003, 0.01, 0.02], rtol=1e-12)
    assert [str(base) for base in batch.columns["base_name"]] == ["cub_Z12.0_R1"] * 3 + ["cub_Z04.0_R2"] * 2
    np.testing.assert_allclose(batch.columns["target"], homogenise(batch).stiffness, rtol=1e-9, atol=1e-15)
    assert len(training_catalogue([catalogue, catalogue], densities=None)) == 12


def test_a_split_by_base_names(catalogue, tmp_path):
    listed = tmp_path / "names.txt"
    listed.write_text('["cub_Z04.0_R2", "other"]\n')
    assert read_base_names(listed) == ["cub_Z04.0_R2", "other"]
    batch = training_catalogue(catalogue, read_base_names(listed))
    assert set(base_names(batch)) == {"cub_Z04.0_R2"}
    assert len(batch) == 2
    with pytest.raises(LatticeError, match="none of the lattices is of one of the 1 base names"):
        of_bases(batch, ["cub_Z12.0_R1"])
    listed.write_text("[]")
    with pytest.raises(CatalogueError, match="no base names"):
        read_base_names(listed)
    listed.write_bytes(b"\xff\xfe")
    with pytest.raises(CatalogueError, match="not a text"):
        read_base_names(listed)


def test_the_authors_sample():
    batch = training_catalogue(authors_catalogue("sample_20.lat"))
    assert "trig_Z04.0_R57" in set(batch.columns["base_name"])
    assert not batch.columns["target"].isnan().any()
    per_entry = [list(batch.names).count(name) for name in set(batch.names)]
    assert max(per_entry) == 3
