"""The command `tanheng`: files in, calls over gRPC, tables or JSON out.

It owns how people write and read the service's messages, exit codes, progress bars, the demo.
It does not own figures, rules or policies; it never imports `services`, and starts the service
only as a program of its own (`token`, `demo`).

Words: a *record* is one row of a file, text by column; *plain* is what JSON can hold;
a *refusal* is an error with a reason, a field and a way out.

Modules: main (the program) · commands/ (one module per group) · demo/ (the sample group, end to
end) · connection, operations (calls) · records, spelling, messages (text ⇄ messages) · output,
tables, errors (what is shown).

Invariants: money is never a float, neither in a file nor in JSON; what `--json` writes, `import`
can read; no traceback reaches the reader.
"""
