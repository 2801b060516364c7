/// Where a rising function of one variable is zero, from its value and slope: Newton's method, within a bracket that is halved wherever
/// a step leaves it or the slope says nothing. The function may be infinite far from its root.
pub(crate) fn root(start: f64, f: impl Fn(f64) -> (f64, f64)) -> f64 {
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    let (mut at, mut stride) = (start, 1.0);
    // A bracket takes ten doublings to reach 10³ and 1 000 to reach any number; halving it takes 60 more.
    for _ in 0..1200 {
        let (value, slope) = f(at);
        if value.abs() <= 0.0 || value.is_nan() {
            break;
        }
        if value < 0.0 {
            low = at;
        } else {
            high = at;
        }
        let newton = at - value / slope;
        let next = if newton > low && newton < high && (newton - at).abs() <= stride {
            newton
        } else if low.is_finite() && high.is_finite() {
            f64::midpoint(low, high)
        } else {
            at - stride.copysign(value)
        };
        // Far steps only while there is no bracket; then each must be shorter than the last but one.
        stride = if low.is_finite() && high.is_finite() { (high - low) / 2.0 } else { 2.0 * stride };
        let step = (next - at).abs();
        at = next;
        if step <= 2.0 * f64::EPSILON * at.abs() || step < 1e-300 {
            break;
        }
    }
    at
}
