"""The operations of the server: one module for each noun."""
