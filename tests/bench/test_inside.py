"""The profile of the native code: functions find their group, shares add up."""

import pytest

from bench import inside

LIBRARY = "libfastlattice_avx512.so"


@pytest.mark.parametrize(
    ("library", "function", "group"),
    [
        (LIBRARY, "[.] fl::(anonymous namespace)::multiply_tile<float, 10, 2>", "dense products"),
        (LIBRARY, "[.] fl::(anonymous namespace)::add_outer_products_tile<float, 8, 2>", "sums of the weights"),
        (LIBRARY, "[.] fl::edge_conv::(anonymous namespace)::convolve_4<float, 2>", "messages"),
        (LIBRARY, "[.] fl::edge_conv::(anonymous namespace)::gradient_3<float, 2>", "gradients of messages"),
        (LIBRARY, "[.] fl::(anonymous namespace)::couple_forward<float>", "symmetric contraction"),
        (LIBRARY, "[.] fl::(anonymous namespace)::backward_3_4<double>", "symmetric contraction"),
        (LIBRARY, "[.] fl::RadialMlp<float>::embed", "Gaussians"),
        ("libc.so.6", "[.] __memset_avx512_unaligned_erms", "clearing"),
        (LIBRARY, "[.] fl_check_graph_f32", "the rest of the native code"),
        ("libpython3.11.so.1.0", "[.] _PyEval_EvalFrameDefault", "Python"),
        ("libtorch_cpu.so", "[.] at::native::copy_impl", "torch"),
        ("[kernel.kallsyms]", "[k] clear_page_erms", "the system"),
    ],
)
def test_groups(library, function, group):
    assert inside.group_of(library, function).startswith(group)


def test_report():
    """Comments are no samples; what lies in one group is summed; a name may hold semicolons."""
    text = (
        "# Samples: 8K of event 'cpu-clock'\n\n"
        f"    30.25%;{LIBRARY};[.] fl::(anonymous namespace)::multiply_tile<float, 10, 2>\n"
        f"    20.00%;{LIBRARY};[.] fl::multiply_panel<float, 2>(lambda; lambda)\n"
        "     1.75%;python3.11;[.] _Py_Dealloc\n"
    )
    found = inside.parse(text)
    assert list(found) == ["dense products: radial network and linear maps", "Python"]
    assert list(found.values()) == pytest.approx([0.5025, 0.0175])


def test_without_perf(monkeypatch):
    monkeypatch.setattr(inside.shutil, "which", lambda name: None)
    with pytest.raises(inside.NoProfilerError, match="perf is not installed"):
        inside.shares("inference")
