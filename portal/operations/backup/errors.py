"""What is wrong with a backup, for the person at the command line."""


class BackupError(Exception):
    """A backup that cannot be made, read or restored; the message names the file or the member."""
