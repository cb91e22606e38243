"""The Web API: one file for each family of methods, `call.py` for what every method is given, `door.py` for HTTP."""
