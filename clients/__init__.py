"""What talks to tanheng over the wire, and by no other door.

It owns the command line (`cli`): reading files, calling the service, showing answers.
It does not own any rule: every figure comes from the service.

Invariants: nothing here imports `services`; a mutating call carries a fresh `request_id`, which
a repeat keeps.
"""
