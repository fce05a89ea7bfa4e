"""Compiles the Triton kernels of the paper's network for sm_80 and sm_90 with the Triton in use; says what came out.

    PYTHONPATH=FOLDER python -m tests.gpu.matrix     with the Triton that was installed there, beside any torch

`make gpu-matrix` does so for every Triton that is supported. It fails if a kernel does not compile or mentions tf32, or
if one spills.
"""

from __future__ import annotations

import sys

import triton

from tests.gpu.compiled import Report, reports
from tests.gpu.grid import PAPER

CAPABILITIES = (80, 90)


def faults(found: list[Report]) -> list[str]:
    """One line for each report with something wrong."""
    lines = []
    for report in found:
        kernel = f"{report.name} sm_{report.capability}"
        if report.error:
            lines.append(f"{kernel}: {report.error.strip()}")
        if report.spills:
            local = report.loads_local + report.stores_local
            lines.append(f"{kernel}: {report.stack} bytes of stack, {local} loads and stores of local memory")
        if report.tf32:
            lines.append(f"{kernel}: tf32")
    return lines


def main() -> int:
    """Prints the summary; 1 where there is a fault."""
    found = reports(PAPER, CAPABILITIES)
    wrong = faults(found)
    kernels, registers = len(found) // len(CAPABILITIES), max(report.registers for report in found)
    devices = " and ".join(f"sm_{capability}" for capability in CAPABILITIES)
    outcome = f"{len(wrong)} faults:" if wrong else f"none spills, none uses tf32, at most {registers} registers"
    summary = f"Triton {triton.__version__}: {kernels} kernels of the paper's network for {devices}; {outcome}"
    print(summary, *wrong, sep="\n  ")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
