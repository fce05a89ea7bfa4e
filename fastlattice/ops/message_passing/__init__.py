"""The native op behind `layer` and `network`: message-passing layers, and a readout after them if there is one."""

from fastlattice.ops.message_passing.native import PackedNetwork, message_passing

__all__ = ["PackedNetwork", "message_passing"]
