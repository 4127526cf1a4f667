"""Pages of the 系统管理员 and the 安全管理员: accounts, departments, posts, who holds them and what they may do."""
