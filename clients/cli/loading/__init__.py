"""Records into the service: one function per kind of file, for `import` and for the demo."""
