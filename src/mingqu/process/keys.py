"""Keys of what belongs to a frame, and of what is decided before a step. Pure."""


def at_join(join: str, frame: int) -> str:
    """The key of a gathering: a join is open once in each frame."""
    return f"{frame} {join}" if frame else join


def local(name: str, frame: int) -> str:
    """The key of a variable that only one frame sees. No FEEL name begins with a digit."""
    return f"{frame} {name}" if frame else name


def of_frame(key: str) -> tuple[int, str]:
    """The frame and the join or name of a key."""
    number, space, name = key.partition(" ")
    return (int(number), name) if space and number.isdecimal() else (0, key)


def counted(node: str) -> str:
    return f"count:{node}"


def fires(node: str) -> str:
    return f"timer:{node}"


def settled(node: str) -> str:
    return f"until:{node}"
