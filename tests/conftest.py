"""What holds for all tests: no timing is ever asserted, so a slow machine fails no example of a property."""

from hypothesis import settings

settings.register_profile("flywheel", deadline=None)
settings.load_profile("flywheel")
