"""Tests, and the mock portal they harvest."""
