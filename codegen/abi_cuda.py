"""The table of the CUDA library's boundary, beside that of the native library, codegen/abi_table.py."""

from __future__ import annotations

from codegen.abi_terms import STREAM, degrees, function, integers, reads, sizes, writes

_DEVICE_CONTRACTION = [
    *degrees("lmax"),
    *sizes("channels"),
    *integers("correlation output_degrees"),
    *reads("T", features="nodes * components(lmax) * channels", weights=None),
]

CUDA_FUNCTIONS = (
    function(
        "fl_cuda_symmetric_contraction",
        "cuda",
        """features, out [nodes, (lmax + 1)^2, channels]; weights [blocks, folded, 32], blocks = channels / 32 rounded
        up. output_degrees: a bit for each degree, all or all even ones; the others come out as zeros.""",
        STREAM,
        sizes("nodes"),
        _DEVICE_CONTRACTION,
        writes("T", out="nodes * components(lmax) * channels"),
    ),
    function(
        "fl_cuda_symmetric_contraction_backward",
        "cuda",
        """Gradients of sum(grad_out * out). sums [slots, blocks, folded, 32]: of the weights, to be summed over slots;
        the lanes beyond the last channel are not written.""",
        STREAM,
        sizes("slots nodes"),
        _DEVICE_CONTRACTION,
        reads("T", grad_out="nodes * components(lmax) * channels"),
        writes("T", grad_features="nodes * components(lmax) * channels", sums=None),
    ),
)
