"""Multiply-adds that fractions of the machine's limit are counted from, against counts by hand."""

from bench.support import operations
from fastlattice.models.mace.config import MACEConfig, uniform_irreps


def test_linear():
    assert operations.linear(7, (0, 2), 3, 5) == 7 * (1 + 5) * 3 * 5
    assert operations.linear(7, (0, 2), 3, 5, "training") == 2 * 7 * 6 * 3 * 5


def test_radial_mlp():
    assert operations.radial_mlp(10, 6, 64, 2) == 10 * (12 * 64 + 64 * 64)
    assert operations.radial_mlp(10, 6, 64, 1) == 10 * 12 * 64


def test_edge_conv_of_scalars():
    """lmax 0: one path; an edge couples once and is weighted once; a strut's weight has `width` terms."""
    assert operations.edge_conv(5, 8, 3, 0, 0, 16) == 8 * 2 * 3 + 4 * 16 * 3 + 5 * 9


def test_constant_features_are_cheaper():
    constant = operations.constant_edge_conv(20, 90, 32, 4, 64)
    assert constant == 45 * 64 * 5 * 32 + 90 * 25 * 32 + 20 * 25 * 32 * 32
    assert constant < operations.edge_conv(20, 90, 32, 0, 4, 64)


def test_contraction_into_fewer_degrees_is_cheaper():
    every = operations.symmetric_contraction(1, 1, 4, 3, range(5))
    even = operations.symmetric_contraction(1, 1, 4, 3, (0, 2, 4))
    assert 0 < even[0] < every[0] < every[1]
    assert operations.symmetric_contraction(20, 32, 4, 3, range(5))[0] == 640 * every[0]


def test_network():
    """Of an average lattice: proportional to lattices of one size; a training step is a forward pass and twice that."""
    config = MACEConfig(uniform_irreps(32, 4), uniform_irreps(16, 4), 0.1)
    one = operations.network(config, 20, 45, 1)
    assert one == sum(operations.parts(config, 20, 45, 1).values())
    assert operations.network(config, 60, 135, 3) == 3 * one
    assert 15e6 < one < 25e6
    assert 2.5 * one < operations.network(config, 20, 45, 1, "training") < 4 * one
