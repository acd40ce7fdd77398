"""Many files in numbered archives, none of which is too large to be taken away."""


def split(sizes, most_files, most_bytes):
    """Cut a list of files into parts, in their order.

    A file that is too large by itself is a part of its own: nothing is left out.

    :param sizes: list of int, bytes of each file
    :return: list of slices; empty where there are no files
    """
    parts, start, filled = [], 0, 0
    for place, size in enumerate(sizes):
        full = place - start >= most_files or filled + size > most_bytes
        if full and place > start:
            parts.append(slice(start, place))
            start, filled = place, 0
        filled += size
    if start < len(sizes):
        parts.append(slice(start, len(sizes)))
    return parts
