"""The tables of the room, one module per aggregate, all in the schema ``settlement``."""

from sqlalchemy import MetaData

METADATA = MetaData(schema="settlement")
"""Every table of the room, once its module is imported."""
