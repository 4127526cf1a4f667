"""基本目录 and the lists: 权责清单, 公共服务清单, 市场准入负面清单; numbered editions and their entries."""
