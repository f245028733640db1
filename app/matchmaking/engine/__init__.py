"""The door to `matching`: nothing else of the portal imports it, except the planner of the schedules.

`current` holds this process's engine, `adapters` turns rows into what `matching` sees, `records` turns its
answers into what the database keeps."""

from app.matchmaking.engine.adapters import (
    Text,
    Vectors,
    encode_offers,
    need_texts,
    offer_texts,
    pack,
    required_keys,
    text_hash,
)
from app.matchmaking.engine.current import Engine, configure, engine, nearest, search
from app.matchmaking.engine.records import MatchRecord

__all__ = [
    "Engine",
    "MatchRecord",
    "Text",
    "Vectors",
    "configure",
    "encode_offers",
    "engine",
    "nearest",
    "need_texts",
    "offer_texts",
    "pack",
    "required_keys",
    "search",
    "text_hash",
]
