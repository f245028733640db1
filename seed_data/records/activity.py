"""Records of what people did: kept, judged."""

from seed_data.records.base import Record


class Kept(Record):
    need: str
    offer: str
    note: str = ""


class Judged(Record):
    need: str
    offer: str
    useful: bool


class Activity(Record):
    """What ambassadors have already done, so that every page shows a real day."""

    shortlists: list[Kept]
    verdicts: list[Judged]
