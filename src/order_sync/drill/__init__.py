"""The promise, put to the proof: processes that die, networks that lose, and what must hold afterwards."""
