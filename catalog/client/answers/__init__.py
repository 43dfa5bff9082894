"""What the server answers: frozen dataclasses, one module for each part of the API."""
