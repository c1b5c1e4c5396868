"""Judges of the protocols that the program speaks: programs that others wrote."""
