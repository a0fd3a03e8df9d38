"""Measures on a sandbox board what the send protocol takes for granted about the live service."""
