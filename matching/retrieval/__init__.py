"""What fits: texts to vectors and words, an exact index, one explained ranking. The door of this room."""

from matching.retrieval.encoder import Encoder, checked, encode_offers, load_encoder, text_hash
from matching.retrieval.glossary import Function, Glossary, Term
from matching.retrieval.index import FaissIndex, NumpyIndex, PgVectorIndex, VectorIndex
from matching.retrieval.matcher import Matcher
from matching.retrieval.pair import load_pair
from matching.retrieval.reading import read_need
from matching.retrieval.similarity import NeedsAlike, similar_needs
from matching.retrieval.standings import Lists, as_record
from matching.retrieval.stems import detect_language
from matching.retrieval.suites import minimal_suites
from matching.retrieval.text import OfferText, need_text, offer_texts
from matching.retrieval.types import Fit, Match, MatchResult, Need, Offer, Reading, TermKind, Vectors
from matching.retrieval.vectors import estimate_mean
from matching.retrieval.weights import DRAWS, INFLUENCE, SEED, SPREAD, SubScore, Weighing, weigh

__all__ = [
    "DRAWS",
    "INFLUENCE",
    "SEED",
    "SPREAD",
    "Encoder",
    "FaissIndex",
    "Fit",
    "Function",
    "Glossary",
    "Lists",
    "Match",
    "MatchResult",
    "Matcher",
    "Need",
    "NeedsAlike",
    "NumpyIndex",
    "Offer",
    "OfferText",
    "PgVectorIndex",
    "Reading",
    "SubScore",
    "Term",
    "TermKind",
    "VectorIndex",
    "Vectors",
    "Weighing",
    "as_record",
    "checked",
    "detect_language",
    "encode_offers",
    "estimate_mean",
    "load_encoder",
    "load_pair",
    "minimal_suites",
    "need_text",
    "offer_texts",
    "read_need",
    "similar_needs",
    "text_hash",
    "weigh",
]
