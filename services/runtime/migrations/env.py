"""How Alembic runs a migration: on the connection handed in, one transaction per revision."""

from alembic import context

from services.runtime.migrations import VERSION_TABLE

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes["metadata"],
    include_schemas=True,
    transaction_per_migration=True,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
