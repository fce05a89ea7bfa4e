"""The network in the habits of torch's users: autocast, checkpoints, transforms, tracing, fake tensors, hooks."""

from types import SimpleNamespace

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.nn.utils import prune
from torch.utils.checkpoint import checkpoint

from fastlattice import LatticeBatch, LatticeMACE
from tests.support.network import config, lattices, network, random_graph
from tests.support.op_cases import Recorder
from tests.support.tolerances import difference


def batches(dtype):
    batch = LatticeBatch.from_lattices(lattices())
    return {"lattices": batch, "graph": batch.graph(), "object": random_graph(9, 40, dtype=dtype, graphs=3)}


def with_positions(graph, positions):
    return SimpleNamespace(**{**vars(graph), "positions": positions})


@pytest.mark.parametrize("kind", batches(torch.float32))
@pytest.mark.parametrize("backend", ["native", "torch"])
@pytest.mark.parametrize("lmax", [2, 4])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_autocast_changes_nothing(kind, backend, lmax, dtype):
    """The network computes in its own precision, forward and, outside of the region as torch asks, backward."""
    model, batch = network(dtype=torch.float32, lmax=lmax, correlation=2), batches(torch.float32)[kind]
    model.backend = backend
    inputs = list(model.parameters())
    if kind != "lattices":
        inputs += [batch.positions.requires_grad_(), batch.shifts.requires_grad_(), batch.edge_attr.requires_grad_()]
    expected, predicted = model(batch)["stiffness"], model.predict(batch)  # torch's products may round in two ways
    wanted = torch.autograd.grad(expected.sum(), inputs, allow_unused=True, materialize_grads=True)
    with torch.autocast("cpu", dtype=dtype):
        found = model(batch)["stiffness"]
        assert torch.equal(model.predict(batch), predicted)
    gradients = torch.autograd.grad(found.sum(), inputs, allow_unused=True, materialize_grads=True)
    assert torch.equal(found, expected)
    assert all(torch.equal(*pair) for pair in zip(gradients, wanted, strict=True))


def test_columns_made_under_autocast():
    model, graph = network(dtype=torch.float32, correlation=2), random_graph(9, 40, dtype=torch.float32)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = model(with_positions(graph, graph.positions.bfloat16()))["stiffness"]
    assert torch.equal(found, model(with_positions(graph, graph.positions.bfloat16().float()))["stiffness"])


@pytest.mark.parametrize("backend", ["native", "torch"])
def test_checkpoint(backend):
    found = []
    for run in (lambda f, x: f(x), lambda f, x: checkpoint(f, x, use_reentrant=False)):
        model, graph = network(correlation=2), LatticeBatch.from_lattices(lattices()).graph()
        model.backend = backend
        inputs = [graph.positions.requires_grad_(), *model.parameters()]
        out = run(lambda g, model=model: model(g)["stiffness"], graph)
        found.append(torch.autograd.grad(out.sum(), inputs, allow_unused=True, materialize_grads=True))
    assert all(torch.equal(*pair) for pair in zip(*found, strict=True))


def test_transforms():
    model, graph = network(correlation=2, channels=2), random_graph(4, 9)

    def energy(positions):
        return model(with_positions(graph, positions))["stiffness"].sum()

    for transform in (torch.func.grad, torch.func.jacfwd):
        with pytest.raises(RuntimeError, match="backend='torch' has"):
            transform(energy)(graph.positions)
    model.backend = "torch"
    leaf = graph.positions.clone().requires_grad_()
    (expected,) = torch.autograd.grad(energy(leaf), leaf)
    for transform in (torch.func.grad, torch.func.jacrev, torch.func.jacfwd):
        assert difference(transform(energy)(graph.positions), expected) < 1e-11
    some = torch.stack([graph.positions, 1.1 * graph.positions])
    assert difference(torch.func.vmap(energy)(some), torch.stack([energy(one) for one in some])) < 1e-11
    some[1, 2, 0] = torch.nan
    with pytest.raises(Exception, match="positions holds a NaN"):
        torch.func.vmap(energy)(some)


COLUMNS = ("positions", "edge_index", "shifts", "edge_attr", "node_attrs", "batch")


class Exported(torch.nn.Module):
    """The network as a module of a graph's columns, of a fixed number of lattices."""

    def __init__(self, model, num_graphs):
        super().__init__()
        self.model, self.num_graphs = model, num_graphs

    def forward(self, *columns):
        graph = SimpleNamespace(**dict(zip(COLUMNS, columns, strict=True)), num_graphs=self.num_graphs)
        return self.model(graph)["stiffness"]


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize(("backend", "dynamic"), [("native", False), ("native", True), ("torch", False)])
def test_export(backend, dynamic, recorded):
    """The exported program gives the bits of the network; of any number of nodes and edges with the native backend."""
    model, any_size = network(correlation=2), torch.export.Dim.AUTO
    model.backend = backend
    sizes = {"edge_index": {1: any_size}}
    shapes = (tuple(sizes.get(name, {0: any_size}) for name in COLUMNS),) if dynamic else None
    columns = [tuple(getattr(random_graph(*size, graphs=3), name) for name in COLUMNS) for size in ((9, 40), (12, 31))]
    module = Exported(model, 3)
    with torch.set_grad_enabled(recorded):
        program = torch.export.export(module, columns[0], dynamic_shapes=shapes).module()
        for given in columns if dynamic else columns[:1]:
            assert torch.equal(program(*given), module(*given))
    if not dynamic:
        with pytest.raises((AssertionError, RuntimeError), match=r"size|to be equal to 9"):  # torch 2.8: the latter
            program(*columns[1])


def test_tracing_is_refused():
    model, graph = network(correlation=1), random_graph(4, 9)
    with pytest.raises(RuntimeError, match=r"torch\.jit\.trace .* use torch\.compile"):
        torch.jit.trace(lambda p: model(with_positions(graph, p))["stiffness"], (graph.positions,))


@pytest.mark.parametrize("backend", ["native", "torch"])
def test_fake_tensors(backend):
    graph = random_graph(9, 40, dtype=torch.float32, graphs=3)
    with FakeTensorMode() as mode, torch.no_grad():
        fake = {k: mode.from_tensor(v) if isinstance(v, torch.Tensor) else v for k, v in vars(graph).items()}
        model = LatticeMACE(config(correlation=2), backend=backend)
        assert model(SimpleNamespace(**fake))["stiffness"].shape == (3, 6, 6)
    assert network(dtype=torch.float32, correlation=2)(graph)["stiffness"].isfinite().all()


def test_a_mode_sees_every_op_of_a_prediction():
    model = network(correlation=2)
    with Recorder() as seen:
        model.predict(LatticeBatch.from_lattices(lattices()))
    names = [func.name().removeprefix("fastlattice::") for func, _ in seen.calls]
    assert names == ["periodic_graph", "check_graph", "edge_sh", "network", "mandel"]


def test_hooks_and_node_features():
    """Hooks see what the modules give, and may replace it; the stiffness is that without."""
    model, batch, seen = network(), LatticeBatch.from_lattices(lattices()), {}
    expected = model(batch)["stiffness"]
    names = ["node_ft_embedding", "stiffness_head.layers.0", "stiffness_head.layers.1", "stiffness_head.nonlin_readout"]
    handles = [
        model.get_submodule(name).register_forward_hook(lambda m, i, out, name=name: seen.update({name: out}))
        for name in names
    ]
    assert difference(model(batch)["stiffness"], expected) < 1e-12
    assert list(seen) == names
    for handle in handles:
        handle.remove()
    assert torch.equal(model(batch)["stiffness"], expected)
    found = model.node_features(batch)
    assert list(found) == names[:3]
    for name in names[:3]:
        assert found[name].shape == (len(batch.positions), 25, 4)
        assert torch.equal(found[name][:, 0] if name == names[0] else found[name], seen[name])
    assert not found[names[0]][:, 1:].any()


def test_hooks_that_would_never_run_are_refused():
    model = network(correlation=1)
    called = ("", "node_ft_embedding", "stiffness_head", "stiffness_head.layers", "stiffness_head.nonlin_readout")
    for name, module in model.named_modules():
        if name not in called and name not in ("stiffness_head.layers.0", "stiffness_head.layers.1"):
            for register in (module.register_forward_hook, module.register_full_backward_hook):
                with pytest.raises(RuntimeError, match="would never run"):
                    register(lambda *_: None)


def test_pruned_weights_are_computed_anew():
    """A mask stays on through steps of an optimiser."""
    model, batch = network(correlation=1), LatticeBatch.from_lattices(lattices())
    linear = model.stiffness_head.layers[0].product.linear
    prune.random_unstructured(linear, "weight", amount=0.5)
    optimiser = torch.optim.SGD(model.parameters(), lr=1e-3)
    for _ in range(2):
        optimiser.zero_grad()
        model(batch)["stiffness"].sum().backward()
        optimiser.step()
    model.predict(batch)
    assert torch.equal(linear.weight, linear.weight_orig * linear.weight_mask)
