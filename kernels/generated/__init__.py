"""Tables and programs that codegen/ writes for the kernels."""
