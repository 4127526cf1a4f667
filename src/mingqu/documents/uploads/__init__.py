"""
Files from strangers. What is kept is a file made anew: pictures are decoded and encoded again, PDFs
rewritten, so whatever rode along (position data, scripts, a second format behind the first) does not arrive.
"""
