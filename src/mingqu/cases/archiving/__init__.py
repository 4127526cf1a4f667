"""
档案: what becomes of the file of a case after 归档: one package with everything in it, made, checked, handed over
(档案法实施条例 19; 国务院令第716号 12).
"""
