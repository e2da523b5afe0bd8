"""The archive's line items as data: one definition of the table, written as Parquet."""
