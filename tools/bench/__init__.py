"""What the program has to reach, measured beside a reference in the same run."""
