"""Kills the program at random moments under load and proves that nothing is lost, doubled or left undone."""
