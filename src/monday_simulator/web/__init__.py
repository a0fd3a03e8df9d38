"""The simulator behind a socket, and its pages."""
