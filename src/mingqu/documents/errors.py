"""Refusals of the documents room. Each names the file problem so that a person can mend it."""

from mingqu.kernel.errors import DomainError, NotFound, to_citizens


class UploadRefused(DomainError):
    """The file is not taken; nothing of it is kept."""

    code = "upload_refused"
    sentence = to_citizens("这个文件不能上传。")


class FileEmpty(UploadRefused):
    code = "file_empty"
    sentence = to_citizens("这个文件是空的，请检查后重新选择。")


class FileTooLarge(UploadRefused):
    code = "file_too_large"
    sentence = to_citizens("文件超过{limit_mb}MB，请压缩或者分成几个文件后再上传。")
    status = 413


class FileTypeNotAllowed(UploadRefused):
    code = "file_type_not_allowed"
    sentence = to_citizens("只能上传{allowed}。系统按文件内容判断，改扩展名不起作用。")
    status = 415


class ImageUnreadable(UploadRefused):
    code = "image_unreadable"
    sentence = to_citizens("这张图片打不开，可能没有传完或者已经损坏，请重新拍照或者重新保存后上传。")


class ImageTooManyPixels(UploadRefused):
    code = "image_too_many_pixels"
    sentence = to_citizens("图片尺寸过大（上限{limit_mp}百万像素），请缩小后再上传。")


class TooManyPhotos(UploadRefused):
    code = "too_many_photos"
    sentence = to_citizens("一次最多合并{limit}张照片，请分几次上传。")


class PdfUnreadable(UploadRefused):
    code = "pdf_unreadable"
    sentence = to_citizens("这个PDF文件打不开，可能没有传完或者已经损坏，请重新导出后上传。")


class PdfEncrypted(UploadRefused):
    code = "pdf_encrypted"
    sentence = to_citizens("这个PDF文件加了密码或者限制，请去掉密码后再上传。")


class PdfActiveContent(UploadRefused):
    code = "pdf_active_content"
    sentence = to_citizens(
        "这个PDF文件里有脚本、自动执行的动作或者可填写的动态表单，为了安全不能接收。请打印成普通PDF后上传。"
    )


class PdfEmbeddedFiles(UploadRefused):
    code = "pdf_embedded_files"
    sentence = to_citizens("这个PDF文件里附带了其他文件。请把附带的文件取出来，分别上传。")


class PdfTooManyPages(UploadRefused):
    code = "pdf_too_many_pages"
    sentence = to_citizens("这个PDF文件超过{limit}页，请分成几个文件后上传。")


class PdfTooHeavy(UploadRefused):
    """It would unpack to far more than its size: a bomb, or a scan nobody can open."""

    code = "pdf_too_heavy"
    sentence = to_citizens("这个PDF文件展开后过大，系统不能安全处理，请降低分辨率重新导出后上传。")


class FileInfected(UploadRefused):
    code = "file_infected"
    sentence = to_citizens("杀毒软件在这个文件里发现了恶意代码，文件没有保存。请先给您的设备杀毒。")


class SignatureUnreadable(UploadRefused):
    code = "signature_unreadable"
    sentence = to_citizens("手写签名没有传完整，请重新签一次；也可以不手写，只填写姓名。")


class SignatureBlank(UploadRefused):
    code = "signature_blank"
    sentence = to_citizens("签名处是空白的，请手写签名；也可以不手写，只填写姓名。")


class DocumentDataInvalid(DomainError):
    """Data for a document lacks a field its template prints, or has one no template knows."""

    code = "document_data_invalid"
    sentence = "文书数据不完整：{names}。"


class UnknownDocumentKind(DomainError):
    code = "unknown_document_kind"
    sentence = "没有这种文书：{kind}。"


class GlyphMissing(DomainError):
    """No installed font has the character: a clerk adds a font or writes the document by hand, no box."""

    code = "glyph_missing"
    sentence = "文书里有字库缺少的字（{characters}），请经办人联系运维人员补充字库后重新生成。"
    # Beside the request: which they are would tell of a name.
    kept = "文书里有字库缺少的字，请经办人对照申请里的姓名、地址，联系运维人员补充字库后重新生成。"
    status = 500


class RenderingFailed(DomainError):
    code = "rendering_failed"
    sentence = "文书没有生成，系统会再试；多次失败请联系运维人员。"
    status = 500


class SealRetired(DomainError):
    """The key was retired between sealing and keeping the file: it is sealed anew, with the organ's next one."""

    code = "seal_retired"
    sentence = "盖章用的电子印章刚刚停用，这份文书会用新的印章重新生成。"
    status = 409


class SealUnavailable(DomainError):
    code = "seal_unavailable"
    sentence = "{organ}还没有可用的电子印章，文书不能盖章。请告诉系统管理员，在“平台”的“电子印章”里提供。"
    status = 409


class SealReasonMissing(DomainError):
    code = "seal_reason_missing"
    sentence = "这个机关已经有电子印章。更换的，请写明理由。"
    status = 400


class DocumentNotRetryable(DomainError):
    code = "document_not_retryable"
    sentence = "只有生成失败的文书可以重新生成。"
    status = 409


class FileNotFound(NotFound):
    """No such file under this root, or its bytes are gone from the store."""

    code = "file_not_found"
