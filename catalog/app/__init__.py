"""What people start: the whole catalogue on one machine, and the web application that a server runs.

Promises that a second start on the same data folder is refused, that what dies is started again, and that nothing is
left running when it stops. Start reading at ``supervisor``; ``installation`` knows the data folder.
"""
