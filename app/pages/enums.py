"""What the portal depends on, and how each part does."""

import enum


class Part(enum.StrEnum):
    DATABASE = "database"
    QUEUE = "queue"
    LIMITS = "limits"
    WORKER = "worker"
    ENCODER = "encoder"
    VECTORS = "vectors"
    MAIL = "mail"
    DISK = "disk"


class Level(enum.StrEnum):
    """OK; REDUCED: the rest goes on without it; DOWN: what needs it is refused."""

    OK = "ok"
    REDUCED = "reduced"
    DOWN = "down"


class Audience(enum.Enum):
    """Whom a trouble concerns. SEARCHERS: everybody, on the pages of offers and needs."""

    SEARCHERS = "searchers"
    MEMBERS = "members"
    MODERATORS = "moderators"
