"""Refusals of the certificates room."""

from mingqu.kernel.errors import DomainError, NotFound


class CertificateNotFound(NotFound):
    """No such certificate, or not this person's to see: the answer is the same."""

    code = "certificate_not_found"
    sentence = "没有找到这个证照，或者您无权查看。"


class PartTooShort(DomainError):
    code = "certificate_part_too_short"
    sentence = "请至少填写编号里连着的{shortest}位。"


class CertificateTypeUnknown(DomainError):
    code = "certificate_type_unknown"
    sentence = "没有这种电子证照：{code}。"


class CertificateTypeInvalid(DomainError):
    code = "certificate_type_invalid"
    sentence = "电子证照类型填写不完整：{names}。"


class CertificateFieldsInvalid(DomainError):
    """Fields the type asks for are absent, or there are others."""

    code = "certificate_fields_invalid"
    sentence = "证照内容不完整：{names}。"


class IssuerWithoutCode(DomainError):
    code = "issuer_without_code"
    sentence = "{organ}没有统一社会信用代码，不能生成电子证照标识。"
    status = 409


class CertificateNotInForce(DomainError):
    """The step is not possible from the certificate's present state (rules.TRANSITIONS)."""

    code = "certificate_not_in_force"
    sentence = "证照现在的状态是“{state}”，不能这样办理。"
    status = 409


class GroundMissing(DomainError):
    code = "ground_missing"
    sentence = "请写明依据和理由。"


class SuspensionUnknown(DomainError):
    code = "suspension_unknown"
    sentence = "请选择是暂扣许可证件，还是中止使用。"


class DecisionNumberMissing(DomainError):
    """A licence is withheld by a penalty decision, which has a number."""

    code = "suspension_decision_missing"
    sentence = "暂扣许可证件是行政处罚（行政处罚法第九条），请写明处罚决定书的文号。"


class UntilMissing(DomainError):
    code = "suspension_until_missing"
    sentence = "暂扣许可证件要有期限，请填写暂扣到哪一天。"


class UntilPast(DomainError):
    code = "suspension_until_past"
    sentence = "暂停使用的最后一天不能早于今天。"


class RevocationGroundUnknown(DomainError):
    code = "revocation_ground_unknown"
    sentence = "请选择撤销属于法律规定的哪一种情形。"


class RevocationBasisMissing(DomainError):
    """行政许可法 69(1)(5), and what is no licence: another law says it, which is to be named."""

    code = "revocation_basis_missing"
    sentence = "这种情形要写明是哪一部法律、法规第几条规定可以撤销。"


class HolderNotHeard(DomainError):
    """行政许可法 7: whom a decision harms is told before, and may speak."""

    code = "revocation_not_heard"
    sentence = (
        "撤销以前要告知持证人，听取陈述、申辩（行政许可法第七条）。请选择怎样听取的，有意见的写明意见和处理。"
    )


class ToldOnWrong(DomainError):
    code = "revocation_told_on_wrong"
    sentence = "告知持证人的日期不能晚于今天。"


class RevocationHarms(DomainError):
    """行政许可法 69, third paragraph."""

    code = "revocation_harms_public"
    sentence = (
        "撤销可能对公共利益造成重大损害的，不予撤销（行政许可法第六十九条第三款）。请先核实，确认以后勾选。"
    )


class RemediesMissing(DomainError):
    code = "revocation_remedies_missing"
    sentence = "请写明向哪个机关申请行政复议、向哪个法院起诉，决定书上要印。"


class StrikeOffGroundUnknown(DomainError):
    """The ground is none of the law's for this certificate as it stands now (行政许可法 70)."""

    code = "strike_off_ground_unknown"
    sentence = "请选择注销属于法律规定的哪一种情形；证照的状态变了的，要重新提出。"


class StrikeOffProofMissing(DomainError):
    code = "strike_off_proof_missing"
    sentence = "这种情形不能只凭系统里的状态，请写明凭什么知道的：文书的名称、文号。"


class StrikeOffBasisMissing(DomainError):
    """行政许可法 70(6), and what is no licence: another law says it, which is to be named."""

    code = "strike_off_basis_missing"
    sentence = "这种情形要写明是哪一部法律、法规第几条规定应当注销。"


class ApplicationUnderWay(DomainError):
    """A renewal handed in before the end, or another application: decided first (行政许可法 50)."""

    code = "certificate_application_under_way"
    sentence = "这个证照有一件申请正在办理，先对申请作出决定，再看要不要注销。"
    status = 409


class CertificateNotReady(DomainError):
    code = "certificate_not_ready"
    sentence = "证照文件正在生成，请稍后再看。"
    status = 409


class SomebodyElses(DomainError):
    """The certificate acted on is not the applicant's (nor of the firm the applicant acts for)."""

    code = "certificate_somebody_elses"
    sentence = "这个证照不是申请人的，不能这样办理。"
    status = 409


class NothingToBegin(DomainError):
    code = "certificate_nothing_to_begin"
    sentence = "这个证照没有要计算的开工期限：还没有领取，或者已经登记开工。"
    status = 409


class BeganTooEarly(DomainError):
    code = "certificate_began_too_early"
    sentence = "开工日期要在发证以后，不能晚于今天。"


class BeganTooLate(DomainError):
    """建筑法 9: void by itself by then."""

    code = "certificate_began_too_late"
    sentence = "这一天已经过了最晚开工日{day}，证照已自行废止，不能登记开工。"
    status = 409


class NothingToRenew(DomainError):
    code = "certificate_without_end"
    sentence = "这个证照长期有效，不用延续。"
    status = 409


class ColumnsMissing(DomainError):
    code = "columns_missing"
    sentence = "表格缺少这些列：{names}。请下载模板，对照列名。"


class ColumnsDoubled(DomainError):
    code = "columns_doubled"
    sentence = "有几列说的是同一件事：{names}。请每项只留一列。"


class TableGivenBefore(DomainError):
    code = "table_given_before"
    sentence = "这份文件已经上传过，请打开原来的批次查看。改过内容的，请保存后再上传。"
    status = 409


class BatchNotFound(NotFound):
    code = "import_not_found"
    sentence = "没有找到这个导入批次，或者您无权查看。"


class BatchElsewhere(DomainError):
    """The step is not possible in the batch's present state: somebody else acted first."""

    code = "import_elsewhere"
    sentence = "这个批次现在的状态是“{state}”，不能这样办理。请刷新后查看。"
    status = 409


class NothingToImport(DomainError):
    code = "import_nothing"
    sentence = "没有可以导入的行，请先改正错误，重新上传。"
    status = 409


class BatchUsed(DomainError):
    code = "import_used"
    sentence = "这个批次有{count}个证照已经用来办事或者状态有变化，整批不能再撤销。"
    status = 409
