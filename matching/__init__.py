"""Needs and offers, matched: criteria first, then words and meaning together, everything explained.

    encoder = load_encoder()                                        # matching.retrieval
    matcher = Matcher(encoder, [Criterion("sme")])                  # matching.retrieval, matching.criteria
    matcher.upsert([offer], {offer.id: encode_offers(encoder, offer_texts(offer))})
    result = matcher.match(Need("Visioconférence", requirements=(Requirement("sme", Level.VERIFIED),)))

A library: no web, no database, no settings, no clock, no wording. It gives codes and numbers; words are the
caller's. Each room has one door, its `__init__`: `criteria` (what must hold), `retrieval` (what fits),
`evaluation` (how well), `scheduling` (who meets whom). What it refuses is in `matching.errors`.
"""
