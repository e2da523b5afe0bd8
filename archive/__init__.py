"""What is known and kept: originals, readings, identities, versions, and the words for them."""
