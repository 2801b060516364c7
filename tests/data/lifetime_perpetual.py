"""Reference values of purchases to come without end, discounted continuously, in a regular rhythm: lifetime_perpetual.csv.

Given that the customer is alive: the n-th purchase from now is event nk - j, discounted by (l/(l + d))^(nk - j) at the rate l, and made with
the probability E[(1 - p)^(n - 1)]; the power series over n is Gauss's, and it is integrated over the gamma density of the rate times the Poisson
probabilities of j hidden events. 25 digits of mpmath.

    python lifetime_perpetual.py > lifetime_perpetual.csv
"""
from mpmath import mp, mpf, exp, log, factorial, hyp2f1

mp.dps = 25
print("k,r,alpha,a,b,first,x,t_x,t,yearly,discounted")


def discounted(k, r, alpha, a, b, first, x, t_x, t, yearly):
    w, n, delta, b = t - t_x, k * x, log(1 + yearly) / 365, b + x + first
    mode = (r + n + 1) / (alpha + t)

    def coming(l):
        return hyp2f1(1, b, a + b, (l / (l + delta)) ** k)

    # In the logarithm of the rate, from where nothing is to where nothing is.
    def mean(step):
        seen = worth = mpf(0)
        for i in range(int(-30 / step), int(7 / step)):
            l = mode * exp(i * step)
            density = exp((r + n) * log(l) - (alpha + t) * l)
            seen += density * sum((l * w) ** j / factorial(j) for j in range(k))
            worth += density * sum((l * w) ** j / factorial(j) * (l / (l + delta)) ** (k - j) for j in range(k)) * coming(l)
        return worth / seen

    # Two steps agree only if both are fine enough.
    fine, finer = mean(mpf(1) / 61), mean(mpf(1) / 83)
    assert abs(fine / finer - 1) < mpf(10) ** -16, (fine, finer)
    return finer


for k, r, alpha, a, b, first, x, t_x, t, yearly in [
    (2, "1.25", "16", "1.1", "1.6", 1, 0, 0, 0, "0.5"),
    (2, "0.58", "16", "1.1", "1.6", 1, 5, 200, 272, "0.5"),
    (3, "1.5", "35", "0.5", "2.5", 0, 4, 140, 210, "1"),
    (3, "0.75", "35", "3", "25", 0, 12, 205, 210, "0.5"),
    (10, "2.5", "14", "0.8", "3", 1, 3, 150, 200, "2"),
    (50, "1.25", "5", "0.5", "4", 0, 6, 300, 340, "3"),
]:
    M = mpf
    value = discounted(k, *(M(v) for v in (r, alpha, a, b)), first, x, M(t_x), M(t), M(yearly))
    print(",".join(str(v) for v in (k, r, alpha, a, b, first, x, t_x, t, yearly, mp.nstr(value, 17))), flush=True)
