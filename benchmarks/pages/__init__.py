"""How fast pages are read and published: every figure of the README's table about pages."""
