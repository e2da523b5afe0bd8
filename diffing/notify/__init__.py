"""Sends what is worth telling to those who asked for it, and nothing twice.

`[notify]` says to whom (`targets.py`), what of it they want (`watch.py`) and when (`quiet.py`,
`flap.py`); the outbox (`outbox.py`) remembers over crashes what became of it; `wire.py` hands it
over and says how sure that is. `rounds.py` brings them together.
"""
