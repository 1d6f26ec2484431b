"""Lenses: how a history is drawn. Qt."""
