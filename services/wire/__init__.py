"""The words of ``kernel`` in the words of the contract: one translation module per word.

It owns ``tanheng.common.v1`` and ``google.type``. It does not own any resource of a room.
Grammar: ``from_wire_x`` may refuse, naming the field; ``to_wire_x`` never does.
"""
