"""The native op behind `layer` and `network`: message-passing layers, and a readout after them if there is one."""
