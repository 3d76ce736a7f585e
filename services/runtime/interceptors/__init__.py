"""What the server does around every call, in this order.

Request id and log, errors, deadline, authentication, permission, validation, once; then the
servicer. Errors stand outside, because tokens, validation and the commit raise too.
"""
