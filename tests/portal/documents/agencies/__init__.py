"""The publishers of the samples and their figures, one module an agency.

Figures of five Wuhan publications under fictional names; where a publication printed only some of
a table, or printed sums that do not close, the rest is made up so that everything adds up.
"""
