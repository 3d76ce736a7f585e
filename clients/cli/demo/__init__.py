"""The sample group, end to end: a service of its own, a quarter run and closed, March shown.

It owns the story and its cast: every step is done by a person with the right role, and no two
signatures on one thing are by the same person. It owns no figure.
"""
