"""Tables of which only lines of text are left: no rulings, no places, blank cells gone."""
