"""The archive's data for others: line items and coverage with changes and findings beside them."""
