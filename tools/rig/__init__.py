"""What the measurements and the fault tests stand on: databases, running programs, HTTP clients."""
