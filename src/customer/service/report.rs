use super::{ClockStatus, Complaint, ServiceError, ServicePolicy};
use crate::{
    calendar::Moment,
    money::Ratio,
    quantity::{Name, Share},
};
use alloc::{collections::BTreeSet, string::ToString, vec::Vec};

/// How well complaints were dealt with, as of a moment.
#[must_use]
#[doc(alias = "服务水平")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceReport {
    /// The moment; what happened later is not looked at.
    pub as_of: Moment,
    /// The complaints that are open, of all that had come in.
    pub open: Share,
    /// Those that were ever escalated, of all.
    pub escalated: Share,
    /// Those that the first answer settled, of all that were ever closed.
    #[doc(alias = "首次解决率")]
    pub first_contact: Share,
    /// Those that were taken up again, of all that were ever closed.
    #[doc(alias = "重开率")]
    pub reopened: Share,
    /// One measure for each clock of the policy, in its order.
    pub clocks: Vec<ClockMeasure>,
}

/// How one clock was kept.
///
/// Every complaint is in exactly one of three places: it was in time or late, it is pending, or it ended before. What is late counts as
/// late from the first second after its deadline, whether somebody has answered or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockMeasure {
    /// Which clock.
    pub clock: Name,
    /// Those in time, of those of which it is known: those in time and those late.
    #[doc(alias = "及时率")]
    pub in_time: Share,
    /// Those whose time has not run out yet: nobody knows what becomes of them.
    pub pending: u64,
    /// Those that were over before it was done, and before time had run out.
    pub ended: u64,
    /// Seconds to the milestone.
    met: Vec<u64>,
    /// Seconds to the milestone, or so far where it has not been reached; in order, as the others.
    so_far: Vec<u64>,
}

/// Between which times a percentile lies: what is pending may be done this second, or never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Percentile {
    /// Seconds, if all that has not been done were done now.
    pub at_least: u64,
    /// Seconds, if it were never done; `None`: that may take any time.
    pub at_most: Option<u64>,
}

impl Percentile {
    /// The seconds, if what has not been done cannot change them any more.
    pub fn certain(&self) -> Option<u64> {
        self.at_most.filter(|most| *most == self.at_least)
    }
}

impl ClockMeasure {
    /// A percentile of the time to the milestone, in seconds of the clock's own time, by the definition of the empirical distribution
    /// function (type 1 of Hyndman and Fan 1996, *inverted CDF*, the nearest rank): the least time that at least such a share of cases did
    /// not exceed. It is always a time that was observed. Cases without an answer are in it, those that ended without one and in time are
    /// not. `None` without cases.
    ///
    /// # Errors
    /// [`BadPercentile`](ServiceError::BadPercentile) for 0 and 95, and for a fraction of more than 60 bits.
    pub fn percentile(&self, share: Ratio) -> Result<Option<Percentile>, ServiceError> {
        let bad = || ServiceError::BadPercentile(share.to_string());
        if share <= Ratio::ZERO || share > Ratio::ONE {
            return Err(bad());
        }
        let n = i128::try_from(self.so_far.len()).map_err(|_| bad())?;
        let covered = share.numerator().checked_mul(n).ok_or_else(bad)?;
        // Rounded up, counted from 0.
        let place = usize::try_from((covered - 1).div_euclid(share.denominator())).unwrap_or(usize::MAX);
        let at_least = self.so_far.get(place).copied();
        Ok(at_least.map(|at_least| Percentile { at_least, at_most: self.met.get(place).copied() }))
    }

    /// The time that at least half of the cases did not exceed; see [`percentile`](Self::percentile).
    #[doc(alias = "中位数")]
    pub fn median(&self) -> Option<Percentile> {
        Ratio::new(1, 2).ok().and_then(|half| self.percentile(half).ok().flatten())
    }

    /// Seconds to the milestone of the cases that have reached it; and of all that [`percentile`](Self::percentile) counts, up to now where
    /// they have not. Both in order of length, so that nothing is said of which case took how long.
    pub fn times(&self) -> (&[u64], &[u64]) {
        (&self.met, &self.so_far)
    }
}

impl ServicePolicy {
    /// Measures the service on complaints that had come in at a moment; others are left out.
    ///
    /// # Errors
    /// [`Twice`](ServiceError::Twice) for one case twice; [`Calendar`](ServiceError::Calendar) as [`read`](Self::read).
    pub fn report<'a>(
        &self,
        complaints: impl IntoIterator<Item = &'a Complaint>,
        as_of: Moment,
    ) -> Result<ServiceReport, ServiceError> {
        let empty = |clock: &Name| ClockMeasure {
            clock: clock.clone(),
            in_time: Share::default(),
            pending: 0,
            ended: 0,
            met: Vec::new(),
            so_far: Vec::new(),
        };
        let none = Share::default();
        let clocks = self.clocks().iter().map(|clock| empty(&clock.name)).collect();
        let mut report = ServiceReport { as_of, open: none, escalated: none, first_contact: none, reopened: none, clocks };
        let mut seen = BTreeSet::new();
        for complaint in complaints {
            if !seen.insert(complaint.case()) {
                return Err(ServiceError::Twice(complaint.case().clone()));
            }
            let Some(then) = complaint.as_of(as_of) else { continue };
            report.open.count(then.state().is_open());
            report.escalated.count(then.level() > 0);
            if then.was_closed() {
                report.first_contact.count(then.is_resolved_on_first_contact());
                report.reopened.count(then.was_reopened());
            }
            for (measure, reading) in report.clocks.iter_mut().zip(self.read_now(&then, as_of)?) {
                measure.add(reading.status, reading.spent);
            }
        }
        for measure in &mut report.clocks {
            measure.met.sort_unstable();
            measure.so_far.sort_unstable();
        }
        Ok(report)
    }
}

impl ClockMeasure {
    fn add(&mut self, status: ClockStatus, spent: u64) {
        match status {
            ClockStatus::Ended { .. } => {
                self.ended += 1;
                return;
            }
            ClockStatus::Running { .. } | ClockStatus::Paused { .. } => self.pending += 1,
            ClockStatus::Met { .. } => self.in_time.count(true),
            ClockStatus::Late { .. } => self.in_time.count(false),
        }
        self.so_far.push(spent);
        if matches!(status, ClockStatus::Met { .. } | ClockStatus::Late { met: Some(_), .. }) {
            self.met.push(spent);
        }
    }
}
