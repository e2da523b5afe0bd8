"""Comparing documents built by hand."""
