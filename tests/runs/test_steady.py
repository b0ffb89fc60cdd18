"""Clocks in tables and error bars without a seed: two runs of the same inputs still leave the same bytes."""

from __future__ import annotations

import sys
import time

from analysis.runs import clean, execute, manifest
from analysis.runs.kernels import forked, kernel, steady
from analysis.runs.request import prepare

SUMMARY = """\
import numpy as np
import statsmodels.api as sm

fit = sm.OLS([3.0, 1.5, 4.0, 1.0, 5.5], sm.add_constant(np.arange(5.0))).fit()
display(fit.summary(), fit.summary2())
"""
BARS = """\
import pandas as pd
import seaborn as sns

table = pd.DataFrame({"group": list("aabbb"), "value": [1.0, 4.0, 2.0, 7.0, 9.0]})
ax = sns.barplot(table, x="group", y="value")
run.figure(ax, "bars", alt="Two bars with error bars.")
"""
LINES = """\
import matplotlib.pyplot as plt

sns.regplot(table.assign(x=range(5)), x="x", y="value")
plt.show()
"""
STYLED = """\
table.style.format(precision=1)
"""


def test_what_libraries_draw_and_stamp_by_themselves_is_the_same_twice(small, tmp_path):
    book = small("book", SUMMARY, BARS, LINES, STYLED)
    first = execute.run(prepare(str(book), {}, reports=tmp_path / "first"))
    time.sleep(1.1)  # a clock that shows seconds has moved on
    second = execute.run(prepare(str(book), {}, reports=tmp_path / "second"))
    assert manifest.differences(first.folder, second.folder) == []
    shown = (first.folder / "report.ipynb").read_text()
    assert "OLS Regression Results" in shown
    assert time.strftime("%d %b %Y") not in shown
    if forked.OFFERED:
        folder = kernel.folder()
        template = forked.Template(folder, book_imports(book), kernel.environment())
        try:
            third = execute.run(prepare(str(book), {}, reports=tmp_path / "third"), template=template.address)
        finally:
            template.close()
        assert manifest.differences(first.folder, third.folder) == []


def book_imports(book):
    from analysis.runs import notebook

    return notebook.read(book).imports


def test_a_seed_that_is_given_is_used(monkeypatch):
    import numpy as np
    import seaborn._statistics
    from seaborn import algorithms

    for module in (algorithms, seaborn._statistics):  # put back after the test
        monkeypatch.setattr(module, "bootstrap", module.bootstrap)
    monkeypatch.delitem(sys.modules, "statsmodels.iolib.summary", raising=False)
    monkeypatch.delitem(sys.modules, "statsmodels.iolib.summary2", raising=False)
    steady.settle()
    values = np.array([0.4, 1.1, 7.9, 8.0, 23.5])
    without = algorithms.bootstrap(values)
    assert (algorithms.bootstrap(values) == without).all()
    assert (algorithms.bootstrap(values, seed=1) != without).any()
    assert (algorithms.bootstrap(values, seed=1) == algorithms.bootstrap(values, seed=1)).all()
    assert sys.modules["seaborn._statistics"].bootstrap is algorithms.bootstrap


def test_styled_tables_are_named_by_their_order():
    one = '<style>#T_ab12c th {} #T_0f0f0_row0 {}</style><table id="T_ab12c"><td id="T_ab12c_row0_col0"></td></table>'
    other = one.replace("ab12c", "99999").replace("0f0f0", "11111")
    assert clean._styled(one) == clean._styled(other)
    assert clean._styled(one).count("T_00000") == 3
    assert clean._styled("T_abc and GT_12345x") == "T_abc and GT_12345x"
