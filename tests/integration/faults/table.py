"""What each page and each action answers while something is gone.

A page: the status, `+` where a notice says what does not work, to that reader.
An action: the status, `s` where what was asked for is saved, `-` where nothing of it is. What is saved has
its whole effect once the fault is over and a worker has passed: `test_faults.py` waits for it.

`SQLite/PostgreSQL` where they differ: a held table of jobs stops only what asks for a job on PostgreSQL.

queue: the lock under which jobs are written is held. encoder: the model is missing; broken: it fails at each
text. vectors: every vector is cut short. worker: none. mail: nobody listens at the relay. disk: full."""

PAGES = """
                 none  queue redis encoder broken vectors worker mail disk
home              200   200   200   200+   200+   200+    200    200  200
catalogue         200   200   200   200+   200+   200+    200    200  200
search            200   200   200   200+   200+   200+    200    200  200
offer             200   200   200   200+   200+   200+    200    200  200
need              200   200+  200   200+   200+   200+    200+   200+ 200+
proposals         200   200+  200   200+   200+   200+    200+   200+ 200+
agenda            200   200+  200   200+   200+   200+    200+   200+ 200+
sign-in           200   200   200   200    200    200     200    200  200
moderation        200   200+  200+  200+   200+   200+    200+   200+ 200+
health            200   200   200   200    200    200     200    200  200
"""

ACTIONS = """
                 none  queue redis encoder broken vectors worker mail disk
sign in           302s  503-/302s  302s  302s   302s   302s    302s   302s 503-
answer a request  302s  503-/302s  302s  302s   302s   302s    302s   302s 503-
publish a need    302s  503-  302s  302s   302s   302s    302s   302s 503-
save an offer     302s  503-  302s  302s   302s   302s    302s   302s 503-
calculate         302s  503-  302s  302s   302s   302s    302s   302s 503-
verify a claim    302s  503-  302s  302s   302s   302s    302s   302s 503-
match             302s  503-/302s  302s  302-   302s   302s    302s   302s 503-
"""


def rows(table: str, *, is_postgres: bool) -> dict[tuple[str, str], str]:
    """(page or action, fault) -> answer."""
    head, *lines = table.strip().splitlines()
    found: dict[tuple[str, str], str] = {}
    for line in lines:
        name, cells = line[:17].strip(), line[17:].split()
        told = [cell.split("/")[-1 if is_postgres else 0] for cell in cells]
        found |= {(name, fault): cell for fault, cell in zip(head.split(), told, strict=True)}
    return found
