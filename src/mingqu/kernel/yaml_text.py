"""
YAML as text of our own and of those who run a site. What an editor brings is read where it comes in (`catalogue.files`,
`catalogue.imports.mapping`), by the reader that tells places exactly.
"""

from typing import Any

import yaml

# Read by libyaml where PyYAML was built with it: ten times as fast, and every process reads a dozen such files.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str | bytes) -> Any:
    """Plain values only: no tag makes an object. Raises yaml.YAMLError."""
    return yaml.load(text, _LOADER)  # noqa: S506  one of the two safe ones
