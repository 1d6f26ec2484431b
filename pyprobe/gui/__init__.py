"""The desktop window. Qt."""
