"""What ./creditbox is made of: Python's standard library only, one module a concern."""
