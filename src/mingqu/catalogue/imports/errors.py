from mingqu.kernel.errors import DomainError


class FileTooLarge(DomainError):
    code = "import_file_too_large"
    sentence = "{what}，请分成几份导入。"


class FileUnreadable(DomainError):
    """`line` 1 where it can't be told."""

    code = "import_file_unreadable"
    sentence = "文件读不懂（第{line}行）：{reason}。"


class FileEmpty(DomainError):
    code = "import_file_empty"
    sentence = "文件里没有内容。"


class RowsNotThere(DomainError):
    """The file is not of the kind the mapping was written for."""

    code = "import_rows_not_there"
    sentence = "文件和所选的映射对不上：{what}。请换一个映射，或者核对文件。"


class MappingUnknown(DomainError):
    code = "import_mapping_unknown"
    sentence = "没有名为“{name}”的映射。"
    status = 404


class MappingWrong(DomainError):
    """A mapping file is not as it should be; `problem` names the first place."""

    code = "import_mapping_wrong"
    sentence = "映射文件“{name}”有错误：{problem}。"


class RegionUnknown(DomainError):
    code = "import_region_unknown"
    sentence = "没有代码是“{region}”的区划，请核对。"


class DefaultsNotHere(DomainError):
    """A default that nobody confirmed may only stand where it has no legal effect."""

    code = "import_defaults_not_here"
    sentence = "{name}不是培训区域，不能用默认值补齐导入的事项。"
    status = 409


class ImportUnknown(DomainError):
    code = "import_batch_unknown"
    sentence = "没有找到这一批导入，或者您无权查看。"
    status = 404


class ImportState(DomainError):
    code = "import_batch_state"
    sentence = "这一批现在是“{state}”，不能{deed}。"
    status = 409
