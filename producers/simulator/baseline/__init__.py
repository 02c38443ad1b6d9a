"""The state of the province in June 2021 as events: the integer fits of the report of 2021-06-23, all synthetic.

Each module makes the histories of one subject. A history is a list of records about one thing, in the order they
happened; a maker yields a thing's whole history, and as many histories as the baseline needs, or endlessly many.
"""
