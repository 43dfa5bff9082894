"""Operators' acts: retrying dead letters, sweeping what nobody needs, verifying what must hold."""
