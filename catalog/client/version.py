"""The version of this package, the server's of the same release."""

VERSION = "0.1.0"
