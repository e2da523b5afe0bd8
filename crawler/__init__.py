"""Collecting: portals in, originals and ledger rows out; and the `mingzhang` command."""
