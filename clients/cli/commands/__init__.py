"""The commands: one module per group, each a Typer application or a function of one."""
