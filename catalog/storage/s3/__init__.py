"""The adapter to any S3: the one place that knows boto3, which is loaded on first use.

Start at ``opening.py``; ``connection.py`` says how failures become words, ``preparation.py`` what a store must be
able to do.
"""
