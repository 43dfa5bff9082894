"""One painter per way of getting a picture out of a file; ``thumbnails`` makes the final sizes of every one of them.

Painters run in a child only and return a canvas: 8-bit sRGB pixels and a caption that says through which view they
were made.
"""
