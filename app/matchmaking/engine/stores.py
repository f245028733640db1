"""The store of vectors that the setting VECTOR_INDEX names."""

from collections.abc import Callable
from functools import partial

from app.core.config import Settings
from matching.errors import IndexUnavailable
from matching.retrieval import FaissIndex, NumpyIndex, PgVectorIndex, VectorIndex

MakeIndex = Callable[[int], VectorIndex]

# Said before any language is known: at start, to whoever runs the portal.
NEEDS_POSTGRES = """\
VECTOR_INDEX=pgvector demande PostgreSQL : donnez DATABASE_URL=postgresql://…, ou VECTOR_INDEX=faiss.
VECTOR_INDEX=pgvector needs PostgreSQL: set DATABASE_URL=postgresql://…, or choose VECTOR_INDEX=faiss."""
NEEDS_EXTENSION = """\
VECTOR_INDEX=pgvector : PostgreSQL ou son extension « vector » manque. Installez pgvector, faites exécuter
CREATE EXTENSION vector par un administrateur, ou choisissez VECTOR_INDEX=faiss.
PostgreSQL or its extension "vector" is missing. Install pgvector, have an administrator run CREATE EXTENSION
vector, or choose VECTOR_INDEX=faiss.
%s"""


def vector_index(settings: Settings) -> MakeIndex:
    """What makes an empty index of a given width. Exits, saying what to change, where it cannot be had."""
    if settings.vector_index == "numpy":
        return NumpyIndex
    if settings.vector_index == "faiss":
        return FaissIndex
    if settings.vector_index == "faiss-compressed":
        return partial(FaissIndex, compressed=True, folder=settings.data_dir / "index")
    return _in_postgres(settings)


def _in_postgres(settings: Settings) -> MakeIndex:
    url = settings.sqlalchemy_url
    if not url.startswith("postgresql"):
        raise SystemExit(NEEDS_POSTGRES)
    conninfo = url.replace("+psycopg", "", 1)
    try:
        PgVectorIndex(conninfo, 1).close()
    except IndexUnavailable as error:
        raise SystemExit(NEEDS_EXTENSION % error) from error
    return partial(PgVectorIndex, conninfo)
