"""批量修改: one telephone or address in many definitions at once, each with its draft and its second person."""
