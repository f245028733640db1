"""Needs and offers, matched: criteria first, then words and meaning together, everything explained.

    encoder = load_encoder()                                        # matching.encoder
    matcher = Matcher(encoder, [Criterion("sme")])                  # matching.matcher
    matcher.upsert([offer], {offer.id: encode_offers(encoder, offer_texts(offer))})
    result = matcher.match(Need("Visioconférence", requirements=(Requirement("sme", Level.VERIFIED),)))

A library: no web, no database, no settings, no clock, no wording. It gives codes and numbers; words are the
caller's. What it takes and gives is in `matching.types`, what it refuses in `matching.errors`.
"""
