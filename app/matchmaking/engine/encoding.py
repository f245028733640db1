"""The encoder of this process: loaded at the first use, and what is known of its troubles."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from app.core.errors import DomainError, Unavailable
from app.core.i18n import gettext as _
from matching.errors import EncoderUnavailable
from matching.retrieval import Encoder, OfferText, Vectors, encode_offers

RETRY_S = 30.0  # a model that cannot be had is not asked for at each page


class Encoding:
    """Every text of the portal is encoded here. `trouble` is why the last attempt failed, "" when it did not.

    Raises Unavailable, naming the setting to change, where the model cannot be had or breaks."""

    def __init__(self, load: Callable[[], Encoder]) -> None:
        self._load = load
        self._encoder: Encoder | None = None
        self._lock = threading.RLock()
        self._retry_at = 0.0
        self.trouble = ""

    @property
    def is_loaded(self) -> bool:
        return self._encoder is not None

    @property
    def encoder(self) -> Encoder:
        if self._encoder is not None:
            return self._encoder
        with self._lock:
            if self._encoder is None:
                if time.monotonic() < self._retry_at:
                    raise _unavailable(self.trouble)
                self._retry_at = time.monotonic() + RETRY_S
                with self.guarded():
                    self._encoder = self._load()
                self._retry_at = 0.0
            return self._encoder

    def needs(self, texts: Sequence[str]) -> Vectors:
        """Float32 [n, d]: texts that ask."""
        encoder = self.encoder
        with self.guarded():
            return encoder.encode_queries(texts)

    def offers(self, texts: Sequence[OfferText]) -> Vectors:
        """Float32 [n, d]: texts that answer."""
        encoder = self.encoder
        with self.guarded():
            return encode_offers(encoder, texts)

    @contextmanager
    def guarded(self, *, encodes: bool = True) -> Iterator[None]:
        """Whatever a model fails with (a missing file, a library, the memory) is one refusal. What `encodes`
        and succeeds shows that the trouble is over."""
        try:
            yield
        except DomainError:
            raise
        except (EncoderUnavailable, ImportError, OSError, RuntimeError, MemoryError) as error:
            self.trouble = f"{type(error).__name__} : {error}"[:300]
            raise _unavailable(self.trouble) from error
        if encodes:
            self.trouble = ""


def _unavailable(why: str) -> Unavailable:
    return Unavailable(
        _(
            "Le modèle de langue est indisponible : la recherche se fait par les mots seuls, et les "
            "propositions attendent son retour. À qui exploite le portail : réglage ENCODER_MODEL. %(why)s",
            why=why,
        )
    )
