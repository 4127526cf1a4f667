"""What a window changes of an application it took in (作废, 更正), and what it took on paper (补录)."""
