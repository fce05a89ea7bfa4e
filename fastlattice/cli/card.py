"""Material cards of one lattice over density: stiffness, conductivity and first yield.

Stiffness is exact, in the notation of the program that reads the card; a material's density is the relative density
times --solid-density. First yield is the lowest uniaxial stress at which a strut yields, over 2,000 directions; it is
in a comment where a program's elastic material has no place for it. Each density is a material of its own; where its
struts are too thick for beam theory, or overlap too much at the nodes, the card says so.

examples:
  fastlattice card octet --density 0.01,0.03,0.1 --solid-modulus 110000 --format abaqus
  fastlattice card kelvin --solid-modulus 70000 --solid-conductivity 0.167 --solid-yield 250 --format ansys
  fastlattice card octet --density 0.01,0.1 --format csv
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlattice.cli import sources
from fastlattice.cli._types import number, numbers
from fastlattice.errors import FastlatticeError

if TYPE_CHECKING:
    from fastlattice import elasticity

EPILOG = "\n" + sources.HELP
FORMATS = ("csv", "json", "abaqus", "ansys", "calculix")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice card`."""
    parser.add_argument("inputs", nargs=1, metavar="CELL", help="unit cell, net or file with one lattice; see below")
    parser.add_argument(
        "--density",
        type=numbers(above=0, below=1),
        default=[0.01],
        metavar="RHO[,RHO...]",
        help="relative densities; the ratios of the radii are kept (default 0.01)",
    )
    parser.add_argument("--nu", type=number(above=-1, below=0.5), default=0.3, help="Poisson's ratio of the solid")
    for name, what in (
        ("modulus", "Young's modulus of the solid, in the user's unit of stress"),
        ("conductivity", "conductivity of the solid"),
        ("yield", "yield strength of the solid, in the same unit as its modulus"),
        ("density", "mass density of the solid"),
    ):
        parser.add_argument(f"--solid-{name}", type=number(above=0), default=1.0, help=f"{what} (default 1)")
    parser.add_argument("--format", choices=FORMATS, default="csv", help="(default csv)")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="file to write (default: standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Writes one table or set of cards."""
    source = sources.open_sources(_reading(arguments))[0]
    from fastlattice import LatticeBatch, conductivity, strut_loads

    found = [batch[i] for batch in source.batches(2) for i in range(len(batch))][:2]
    if len(found) != 1:
        raise FastlatticeError(f"{source.spec}: a card is of one lattice, and this holds {len(found) or 'none'}")
    lattice = found[0]
    batch = LatticeBatch.from_lattices([lattice.with_relative_density(density) for density in arguments.density])
    loads = strut_loads(batch, nu=arguments.nu)
    for failure in loads.failures():
        raise FastlatticeError(f"{lattice.name or 'the lattice'} has no card: {failure.reason}")
    yields, directions = loads.weakest()
    conductivities = conductivity(batch).conductivity
    rows = [
        {
            "relative_density": density,
            "density": density * arguments.solid_density,
            "stiffness": loads.stiffness[b] * arguments.solid_modulus,
            "conductivity": conductivities[b] * arguments.solid_conductivity,
            "first_yield": float(yields[b]) * arguments.solid_yield,
            "direction": directions[b].tolist(),
            "beam_valid": bool(loads.beam_valid[b]),
            "joints_valid": bool(loads.joints_valid[b]),
        }
        for b, density in enumerate(arguments.density)
    ]
    write = {"csv": _csv, "json": _json, "abaqus": _abaqus, "calculix": _abaqus, "ansys": _ansys}[arguments.format]
    text = write(rows, re.sub(r"[^A-Za-z0-9]+", "_", lattice.name or "lattice"), arguments)
    if arguments.output is None:
        print(text, end="")
    else:
        from fastlattice._files import replacing

        with replacing(arguments.output) as temporary:
            Path(temporary).write_text(text, encoding="utf-8")
    return 0


def _reading(arguments: argparse.Namespace) -> argparse.Namespace:
    """What `sources` reads, as its own arguments say it."""
    parser = argparse.ArgumentParser()
    sources.add_arguments(parser)
    read = parser.parse_args(["--", *arguments.inputs])
    read.resources = arguments.resources
    return read


Rows = list[dict[str, Any]]


def _of_notation(row: dict[str, Any], notation: elasticity.Notation) -> list[float]:
    """The 21 numbers in a program's notation and order."""
    from fastlattice import elasticity

    matrix = elasticity.convert(row["stiffness"], from_="mandel", to=notation)
    return [float(x) for x in elasticity.pack21(matrix, notation=notation)]


def _six(matrix: Any, places: str) -> list[float]:
    return [float(matrix[int(p[0]) - 1, int(p[1]) - 1]) for p in places.split()]


def _comments(row: dict[str, Any]) -> list[str]:
    """What has no place in a program's elastic material."""
    from fastlattice.cli.writers import note

    direction = "({:.3f} {:.3f} {:.3f})".format(*row["direction"])
    beyond = note("ok", row["beam_valid"], row["joints_valid"])
    return [
        f"first yield at {row['first_yield']:.6g}, pulled along {direction}",
        *([f"beyond beam theory: {beyond}"] if beyond else []),
    ]


def _table(row: dict[str, Any]) -> dict[str, float | bool]:
    from fastlattice import elasticity

    voigt = elasticity.convert(row["stiffness"], from_="mandel", to="voigt")
    pairs = [(i, j) for i in range(6) for j in range(i, 6)]
    return {
        "relative_density": row["relative_density"],
        "density": row["density"],
        **{f"C_{i + 1}{j + 1}_voigt": float(voigt[i, j]) for i, j in pairs},
        **dict(
            zip(
                ("k_11", "k_22", "k_33", "k_23", "k_13", "k_12"),
                _six(row["conductivity"], "11 22 33 23 13 12"),
                strict=True,
            )
        ),
        "first_yield": row["first_yield"],
        **dict(zip(("first_yield_x", "first_yield_y", "first_yield_z"), row["direction"], strict=True)),
        "beam_valid": row["beam_valid"],
        "joints_valid": row["joints_valid"],
    }


def _csv(rows: Rows, name: str, arguments: argparse.Namespace) -> str:
    tables = [_table(row) for row in rows]
    lines = [",".join(tables[0]), *(",".join(repr(x) for x in table.values()) for table in tables)]
    return "\n".join(lines) + "\n"


def _json(rows: Rows, name: str, arguments: argparse.Namespace) -> str:
    solid = {key: getattr(arguments, f"solid_{key}") for key in ("modulus", "conductivity", "yield", "density")}
    made = {"lattice": name, "command": arguments.line, "solid": {**solid, "nu": arguments.nu}}
    return json.dumps({**made, "rows": [_table(row) for row in rows]}, indent=1) + "\n"


def _lines(values: list[float]) -> list[str]:
    """Eight numbers a line, as input files of Abaqus and CalculiX want them."""
    return [", ".join(f"{x:.9g}" for x in values[first : first + 8]) for first in range(0, len(values), 8)]


def _abaqus(rows: Rows, name: str, arguments: argparse.Namespace) -> str:
    """Also CalculiX's: the same keywords and 21 numbers, but a conductivity in another order."""
    out = [f"** {arguments.line}"]
    for row in rows:
        out += [f"*MATERIAL, NAME={name}_{row['relative_density']:g}".replace(".", "p").upper()]
        out += [f"** {comment}" for comment in _comments(row)]
        out += ["*DENSITY", f"{row['density']:.9g}"]
        out += ["*ELASTIC, TYPE=ANISO" + ("TROPIC" if arguments.format == "abaqus" else "")]
        out += _lines(_of_notation(row, "abaqus"))
        # Abaqus: k11, k12, k22, k13, k23, k33; CalculiX: k11, k22, k33, k12, k13, k23.
        places = "11 12 22 13 23 33" if arguments.format == "abaqus" else "11 22 33 12 13 23"
        out += ["*CONDUCTIVITY, TYPE=ANISO", *_lines(_six(row["conductivity"], places))]
    return "\n".join(out) + "\n"


def _ansys(rows: Rows, name: str, arguments: argparse.Namespace) -> str:
    """TB,ANEL and the conductivity's diagonal: what MP has room for."""
    out = [f"! {arguments.line}"]
    for number_, row in enumerate(rows, start=1):
        values = _of_notation(row, "ansys")
        out += [f"! material {number_}: {name}, relative density {row['relative_density']:g}"]
        out += [f"! {comment}" for comment in _comments(row)]
        out += [f"MP,DENS,{number_},{row['density']:.9g}", f"TB,ANEL,{number_},1,21,0"]
        for first in range(0, 21, 6):
            out += [f"TBDATA,{first + 1}," + ",".join(f"{x:.9g}" for x in values[first : first + 6])]
        k = row["conductivity"]
        if float((k - k.diag().diag()).abs().max()) > 1e-9 * float(k.abs().max()):
            out += ["! the conductivity is not diagonal in these axes: KXX, KYY and KZZ leave k_12, k_13, k_23 out"]
        out += [f"MP,K{axis * 2},{number_},{float(k[i, i]):.9g}" for i, axis in enumerate("XYZ")]
    return "\n".join(out) + "\n"
