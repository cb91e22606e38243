"""What holds for all tests.

No timing is asserted, so a slow machine fails no example of a property. Each process computes on one thread: several
run side by side, and threads that wait for each other on the same cores cost a third more time than one does.
"""

import os

from hypothesis import settings

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

settings.register_profile("flywheel", deadline=None)
settings.load_profile("flywheel")
