"""A sample of the kills: `python -m tests.resilience.kills` does sixty."""

import pytest

from tests.resilience.kills import run


@pytest.mark.slow
def test_nothing_is_lost_nor_sent_twice_while_workers_and_servers_die(postgres_url: str | None) -> None:
    if postgres_url:
        pytest.skip("the sample needs a database of its own")
    found = run(5)
    assert (found["lost"], found["twice"], found["quiet"]) == ([], [], True)
    assert sum(found["kills"].values()) == 5
