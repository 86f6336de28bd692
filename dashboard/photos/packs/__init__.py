"""Zip packs: all pictures and files of some check-ins, in numbered parts, each with an index of its own."""
