"""The web layer: request handling shared by all routes, the mini-program's API and the office console."""
