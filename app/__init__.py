"""The portal."""

import os

# Before anything loads numpy: what is asked of it is small, and threads that spin between two products take
# the cores from other processes (a match at 100,000 offers: 214 ms instead of 30). An operator's own value
# stands.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
