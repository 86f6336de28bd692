"""Tasks, routes and checkpoints of the emulated platform (ref 7): records, and what time makes of them."""
