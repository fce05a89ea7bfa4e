"""GPU kernels on the CPU: Triton's interpreter runs them, if this is set before anything imports Triton."""

import os
import sys

if "triton" in sys.modules and os.environ.get("TRITON_INTERPRET") != "1":
    raise RuntimeError("Triton was imported before tests/gpu could choose its interpreter: set TRITON_INTERPRET=1")
os.environ["TRITON_INTERPRET"] = "1"
