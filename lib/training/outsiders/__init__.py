"""Pictures that are not letters, for the 27th answer: drawn by rules, cut out of letters, read from files.

Each module holds one family; `kinds` says which kinds are trained on, which one chooses by and which are only
measured. Every generator takes a `numpy.random.Generator` and gives uint8 (SIDE, SIDE), bright on black; the
same state gives the same picture.
"""
