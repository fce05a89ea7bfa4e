"""SQL over the results of a screening, by DuckDB.

The rows of all shards are the table `results`; where there are files of the best and of what was certified, they are
the tables `selected` and `certified`. Needs the extra "query".

examples:
  fastlattice query results "SELECT count(*), max(E_z/density) FROM results WHERE status = 'ok'"
  fastlattice query results "SELECT name, avg(anisotropy) AS a FROM results GROUP BY name ORDER BY a LIMIT 10"
  fastlattice query results "SELECT * FROM results WHERE E_z > 0.01" -o stiff.parquet
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fastlattice._extras import module_of_extra
from fastlattice._files import replacing
from fastlattice.errors import FastlatticeError

EPILOG = ""
_FORMATS = {".parquet": "FORMAT parquet, COMPRESSION zstd", ".csv": "FORMAT csv, HEADER"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice query`."""
    parser.add_argument("results", type=Path, metavar="RESULTS", help="folder of a screening")
    parser.add_argument("sql", metavar="SQL", help="a query on the table results")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="a .parquet or .csv file for the answer")


def run(arguments: argparse.Namespace) -> int:
    """Prints the answer, or writes it."""
    if arguments.output is not None and arguments.output.suffix not in _FORMATS:
        raise FastlatticeError(f"{arguments.output}: the suffix must be one of {', '.join(_FORMATS)}")
    duckdb = module_of_extra("duckdb", "query", "queries")
    with duckdb.connect() as connection:
        _tables(connection, arguments.results)
        try:
            answer = connection.sql(arguments.sql)
            if answer is None:
                raise FastlatticeError("the SQL has no answer: a query begins with SELECT")
            if arguments.output is None:
                answer.show(max_rows=40, max_width=200)
            else:
                _write(connection, answer, arguments.output)
        except duckdb.Error as error:
            raise FastlatticeError(f"{error}") from None
    return 0


def _tables(connection: Any, folder: Path) -> None:
    from fastlattice.screening.closing import results_files

    shards = results_files(folder)
    if not shards:
        raise FastlatticeError(f"{folder}: there are no results")
    tables = {"results": shards}
    tables |= {name: [folder / f"{name}.parquet"] for name in ("selected", "certified")}
    for name, files in tables.items():
        if files[0].is_file():
            connection.read_parquet([str(file) for file in files]).create_view(name)


def _write(connection: Any, answer: Any, path: Path) -> None:
    answer.create_view("answer")
    with replacing(path) as temporary:
        quoted = str(temporary).replace("'", "''")
        connection.execute(f"COPY answer TO '{quoted}' ({_FORMATS[path.suffix]})")
