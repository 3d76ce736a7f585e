"""The words that all rooms share, pure: no clock, no input or output.

It owns money and its rounding, tonnes, half-open periods, instruments, names, kinds of error,
authority, explanations. It does not own any rule of one room.
Invariants: money is never a float; rounding is half away from zero, once, where it is declared;
parts of a split sum to the whole.
"""
