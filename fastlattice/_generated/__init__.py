"""Written by codegen/; not to be edited."""
