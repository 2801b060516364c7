"""Makes special_functions.csv: reference values of the special functions in src/numeric, with 40 digits and more (mpmath).

A row is a function, its arguments, scales and values, lists being separated by blanks. Arguments are the exact values of the
floating-point numbers. An error is measured against the value, or against the scale where that is larger: near a zero of a function,
where no relative precision can be asked for, and where the value asks for more digits than the argument has.
"""

import csv
import itertools
import pathlib

from mpmath import mp, mpf, digamma, exp, expm1, inf, log, log1p, loggamma, psi, quad

mp.dps = 40
ROWS = []


def row(function, arguments, values, scales=()):
    short = lambda v: mp.nstr(mpf(v), 20, strip_zeros=True) if v else "0"
    ROWS.append([function, " ".join(repr(float(a)) for a in arguments), " ".join(map(short, scales)), " ".join(map(short, values))])


def lists(*options):
    return itertools.product(*[[float(o) for o in option] for option in options])


@mp.workdps(90)
def gamma_family():
    for z, d in lists([1e-12, 1e-4, 0.243, 1, 1.4616321449683623, 3.7, 15.9, 16, 250.5, 1e4, 1e8], [0, 1e-9, 1e-4, 0.2, 1, 26, 500, 1e4, 1e6, 1e12]):
        # Where Γ turns, the result crosses zero.
        row("ln_gamma_ratio", [z, d], [loggamma(mpf(z) + d) - loggamma(z)], [min(d, 1) / 10])
    for z, c, d in lists([1e-12, 1e-4, 0.243, 1, 15.9, 250.5, 1e4, 1e8], [1, 26, 1e4], [0, 1e-9, 1e-4, 0.2, 3, 1e4]):
        bend = loggamma(z) + loggamma(mpf(z) + c + d) - loggamma(mpf(z) + c) - loggamma(mpf(z) + d)
        row("ln_gamma_bend", [z, c, d], [bend if d else 0])
    beta = lambda a, b: loggamma(a) + loggamma(b) - loggamma(mpf(a) + b)
    for a, b in lists(*[[1e-4, 0.243, 1, 2.5, 250.5, 1e4, 1e8]] * 2):
        row("ln_beta", [a, b], [beta(a, b)], [0.1])
    for a, b, i, j in lists([1e-4, 0.793, 30, 1e4], [1e-4, 2.426, 1e4, 1e7], [0, 1, 1000], [0, 1, 1e4]):
        row("ln_beta_ratio", [a, b, i, j], [beta(mpf(a) + i, mpf(b) + j) - beta(a, b)])
    for z in [1e-12, 1e-4, 0.243, 1, 1.4616321449683623, 3.7, 15.999, 16, 300, 1e4, 1e10]:
        row("polygamma", [z], [digamma(z), psi(1, z)], [0.5])


def dispersion():
    phis = [0, 1e-300, 1e-12, 1e-6, 1e-3, 0.0624, 0.0626, 0.3, 1, 7.5, 1e4]
    for x, phi in lists([0, 1, 2, 17, 32, 33, 100, 1000, 10_000], phis):
        p = mpf(phi)
        terms = [(log1p(j * p), j / (1 + j * p), -((j / (1 + j * p)) ** 2)) for j in range(int(x))]
        row("ln_rising", [x, phi], [sum(t[k] for t in terms) for k in range(3)])
    with mp.workdps(700):
        for u, phi in lists([0, 1e-9, 0.01, 0.7, 1, 30, 1e5], phis):
            u, p = mpf(u), mpf(phi)
            if phi == 0:
                values = [u, -u**2 / 2, 2 * u**3 / 3]
            else:
                y = u * p
                l = log1p(y)
                values = [l / p, u / p / (1 + y) - l / p**2, -((u / (1 + y)) ** 2) / p - 2 * u / (1 + y) / p**2 + 2 * l / p**3]
            row("ln_per_dispersion", [u, phi], values)



def pareto_integral():
    """ln of the integral over 0 < u < T − t_x of (1 + u/(α + t_x))^−(r + x) (1 + u/(β + t_x))^−(s + 1): the Pareto/NBD likelihood's."""
    shapes = [(0.5534, 0.6061), (1e-4, 1e-4), (1e4, 1e-4), (1e-4, 1e4), (1e4, 1e4)]
    scales = [(10.58, 11.66), (1e-4, 1), (1, 1e-4), (1e4, 1), (7.5, 7.5)]
    times = [(0, 0.5), (30.43, 38.86), (3649, 3650), (3650 - 2**-20, 3650), (0, 3650)]
    for (r, s), (alpha, beta), x, (t_x, t) in itertools.product(shapes, scales, [0, 2, 300, 10_000], times):
        if (x == 0) != (t_x == 0) and (x, t_x) != (2, 0):
            continue
        n, m, a, b, width = mpf(r) + x, mpf(s) + 1, mpf(alpha) + t_x, mpf(beta) + t_x, mpf(t) - t_x
        f = lambda v: exp(v - n * log1p(exp(v) / a) - m * log1p(exp(v) / b))
        # By v = ln u, where everything happens on the scale of 1, down to where u adds nothing.
        near = min(width, a / n, b / m)
        ends = [log(near) - k for k in (60, 30, 15, 7, 3, 1.5)] + [log(near)]
        while ends[-1] + 0.7 < log(width):
            ends.append(ends[-1] + 0.7)
        value = quad(f, ends + [log(width)]) + exp(ends[0])
        row("pareto_integral", [r, s, alpha, beta, x, t_x, t], [log(value)], [1])


gamma_family()
dispersion()
pareto_integral()
with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["function", "arguments", "scales", "values"])
    writer.writerows(ROWS)
