"""What changed: pairing, comparing, naming and telling. Reads the archive, never writes it."""
