"""The static site: built from small archives, read as HTML, driven in a browser."""
