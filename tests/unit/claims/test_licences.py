"""Which licences make a free software."""

import pytest

from app.reference.services import is_open_source


@pytest.mark.parametrize(
    ("licence", "free"),
    [
        ("AGPL-3.0-only", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", True),
        ("BUSL-1.1", False),
        ("SSPL-1.0", False),
        ("Zimbra-1.3", None),  # free for the FSF, never put to the OSI
        ("LicenseRef-scancode-proprietary-license", None),
        (None, None),
        ("", None),
        ("MIT OR BUSL-1.1", True),
        ("MIT AND BUSL-1.1", False),
        ("Zimbra-1.3 OR BUSL-1.1", None),
        ("Zimbra-1.3 OR MIT", True),
        ("Zimbra-1.3 AND BUSL-1.1", False),
        ("Zimbra-1.3 AND MIT", None),
        ("MIT AND (BUSL-1.1 OR EUPL-1.2)", True),
    ],
)
def test_licences(licence: str | None, free: bool | None) -> None:
    assert is_open_source(licence) is free
