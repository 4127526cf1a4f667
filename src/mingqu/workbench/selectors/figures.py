"""跑动和时限 at the desk: what `cases` counts, within what the post watches."""

from mingqu.cases import selectors as cases

LONGEST = cases.FIGURES_LONGEST
Figures = cases.Figures
span = cases.figures_span
figures = cases.figures_within
