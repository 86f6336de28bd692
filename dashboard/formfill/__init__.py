"""Filling forms in: the ten field types of ref 6.5 as controls, as what was posted, checked by ref 6.6."""
