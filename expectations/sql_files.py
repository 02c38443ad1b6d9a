"""SQL of expectations: the files of the folder `sql`, with their `$placeholders` filled in.

What is left in braces is for later: Great Expectations fills in `{batch}`, `bind` (suite.py) the tables of lists.
"""

from __future__ import annotations

from pathlib import Path
from string import Template

from sqlalchemy.dialects import postgresql

FOLDER = Path(__file__).parent / "sql"

# Unlike a driver's, this dialect doubles no percent sign: Great Expectations sends the text as it is.
DIALECT = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]


def sql_of(name: str, **values: str) -> str:
    """The statement or condition in `sql/<name>.sql` in one line, without its comments; raises KeyError, OSError."""
    lines = (FOLDER / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    text = " ".join(line.strip() for line in lines if not line.lstrip().startswith("--"))
    return Template(text.strip()).substitute(values)


def has_sql(name: str) -> bool:
    """Whether there is such a file."""
    return (FOLDER / f"{name}.sql").is_file()


def quoted(name: str) -> str:
    """The name of a column as SQL needs it."""
    return str(DIALECT.identifier_preparer.quote(name))
