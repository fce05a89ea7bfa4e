"""Generators of the committed files that no one edits: `python -m codegen`."""
