"""Who has earned a reward, and how much? Schemes, metrics, pools, awards.

It owns incentive schemes and who takes part in them, the figures that a reward is measured by, the
split of a margin into luck and skill, pools and their split under caps, runs and awards. It does
not own the figures themselves: profit, fees and provisions are read from closed months through
ports.
Words: scheme, assignment, cycle, metric, drift, skill, excess, pool, cap, award, instalment,
correction line.
Invariants: awards and what stays sum to the pool; nobody is above a cap; executives together have
at most their part of what is paid; the order of people never matters; only figures of closed
months count, and they are frozen in the run; a person sees only their own award.
"""
