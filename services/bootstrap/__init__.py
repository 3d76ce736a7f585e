"""Puts the house together: the only place that knows every room.

It owns which verb answers which port, which role has which permission, and how processes start.
It does not own any rule.
"""
