"""Screening: the stiffness of millions of lattices, bounded in memory, resumable, with the best certified.

Stands on lattice, topologies, elasticity, fe, io, models, data.
"""

from fastlattice.screening.closing import lattices_of
from fastlattice.screening.clusters import Cluster, ClusterError, cluster
from fastlattice.screening.compute import Part
from fastlattice.screening.engines import open_engine
from fastlattice.screening.expressions import ExpressionError
from fastlattice.screening.files import Reject
from fastlattice.screening.folder import FolderError
from fastlattice.screening.options import Options, parsed
from fastlattice.screening.parts import screen
from fastlattice.screening.runs import Outcome, run
from fastlattice.screening.shards import Job, job_of
from fastlattice.screening.sources import Source, open_source

__all__ = [
    "Cluster",
    "ClusterError",
    "ExpressionError",
    "FolderError",
    "Job",
    "Options",
    "Outcome",
    "Part",
    "Reject",
    "Source",
    "cluster",
    "job_of",
    "lattices_of",
    "open_engine",
    "open_source",
    "parsed",
    "run",
    "screen",
]
