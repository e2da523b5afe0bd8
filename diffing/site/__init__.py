"""The static site: what a journalist reads, from files alone, without a server or a script."""
