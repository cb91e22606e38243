"""Reach the heavy libraries, each behind a port."""
