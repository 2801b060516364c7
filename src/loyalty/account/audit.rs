use super::{
    Account, Draw, Lot, Opened, Payer, Place,
    award::{Award, AwardLine},
    wallet::{Borne, Wallet},
};
use crate::{
    loyalty::{HoldId, LotId, Points, SourceId},
    quantity::Name,
};
use alloc::collections::{BTreeMap, BTreeSet};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// What contradicts itself in an account. No command and no log leads there: it was stored wrongly, changed from outside, or this crate
/// has a fault.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Broken {
    /// Points that were credited or received are neither there nor gone, or the other way round.
    #[error("{kind}: {credited} points came, {found} are there or went somewhere")]
    NotConserved {
        /// The kind of points.
        kind: Name,
        /// Credited by the programme, and received.
        credited: u128,
        /// In lots, held, and gone.
        found: u128,
    },
    /// Points can be spent while others are owed.
    #[error("{kind}: {debt} points are owed while {available} can be spent")]
    DebtBesidePoints {
        /// The kind of points.
        kind: Name,
        /// Owed.
        debt: Points,
        /// Spendable when the last record was made.
        available: Points,
    },
    /// More points of a lot are somewhere than were credited with it.
    #[error("{lot}: {opened} points were credited, {found} are there, lapsed or spent")]
    LotOverdrawn {
        /// The lot.
        lot: LotId,
        /// Credited.
        opened: Points,
        /// There, held, lapsed, or spent.
        found: u128,
    },
    /// A lot is there twice, without points among those that have some, or with points among the others, or has a number that was never
    /// given.
    #[error("{0} is kept in a wrong place")]
    MisplacedLot(LotId),
    /// A number was given to a lot that is nowhere.
    #[error("{0} is missing")]
    MissingLot(LotId),
    /// The kinds, or the lots of one, are not in their order.
    #[error("{0}: kept in a wrong order")]
    WrongOrder(Name),
    /// What a lot says is held is not what the holds say.
    #[error("{lot}: {held} points are held, {by_holds} by the holds")]
    HeldDiffers {
        /// The lot.
        lot: LotId,
        /// By the lot.
        held: Points,
        /// By all open holds.
        by_holds: u128,
    },
    /// Two holds have one name, or one has no points.
    #[error("the hold {0} is there twice, or holds nothing")]
    BadHold(HoldId),
    /// What was spent is not what the redemptions say.
    #[error("{kind}: {burned} points were spent, {redeemed} by the redemptions")]
    BurnedDiffers {
        /// The kind of points.
        kind: Name,
        /// By the totals.
        burned: Points,
        /// By all redemptions, without what was given back.
        redeemed: u128,
    },
    /// More was taken back than was earned, or the lots or lines of a reward do not add up.
    #[error("{0}: what it earned does not add up")]
    BadReward(SourceId),
    /// What returns took back is not what was clawed back, is owed, was let go, or had lapsed.
    #[error("returns took back {taken_back} points, {found} of which are found")]
    TakenBackDiffers {
        /// By the rewards.
        taken_back: u128,
        /// By the totals, debts and lots.
        found: u128,
    },
    /// A lot owes what it never earned, or nothing at all, or is paid by itself.
    #[error("{0}: what others bear for it does not add up")]
    BadDisplacement(LotId),
    /// The number of purchases is not that of the rewards.
    #[error("{counted} purchases are counted, {found} are there")]
    PurchasesDiffer {
        /// By the counter.
        counted: u64,
        /// By the rewards.
        found: u64,
    },
    /// A reward of the catalogue was claimed more or less often than the redemptions say.
    #[error("the claims of {0} do not add up")]
    ClaimsDiffer(Name),
    /// What was used up of the caps of a rule is not what the rewards say.
    #[error("the caps of {0} do not add up")]
    CapsDiffer(Name),
    /// A command, a reward or a redemption is of a record that was never made.
    #[error("record {0} was never made")]
    NoSuchRecord(u64),
}

fn units(points: impl IntoIterator<Item = Points>) -> u128 {
    points.into_iter().map(|points| u128::from(points.units())).sum()
}

impl Account {
    /// Checks all that an account can check on itself, in time proportional to its size: that no point is lost or there twice, that what
    /// is owed keeps points from being spent, that lots, holds, redemptions and rewards agree. An account that is deserialized is checked
    /// so.
    ///
    /// That it follows from its log, [`replay`](Account::replay) checks.
    ///
    /// # Errors
    /// The first contradiction: [`Broken::NotConserved`] if a lot has 100 points more than the totals say.
    pub fn audit(&self) -> Result<(), Broken> {
        self.audit_records()?;
        let spent = self.audit_redemptions()?;
        self.audit_lots(&spent)?;
        self.audit_holds()?;
        self.audit_rewards()?;
        for wallet in &self.book.wallets {
            self.audit_wallet(wallet)?;
        }
        Ok(())
    }

    fn audit_records(&self) -> Result<(), Broken> {
        // A merged account brings the numbers of its own records.
        let commands = self.commands.values().map(|seen| seen.seq);
        let rewards = self.awards.values().map(|award| award.seq);
        let redemptions = self.redemptions.values().map(|redemption| redemption.seq);
        let mut all = commands.chain(rewards).chain(redemptions).chain(self.occasions.values().copied());
        if all.any(|seq| seq == 0) || (self.seq == 0) != self.last.is_none() {
            return Err(Broken::NoSuchRecord(0));
        }
        Ok(())
    }

    /// How many points of each lot are spent.
    fn audit_redemptions(&self) -> Result<BTreeMap<LotId, u128>, Broken> {
        let (mut lots, mut kinds, mut claims) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for redemption in self.redemptions.values() {
            for Draw { lot, points } in &redemption.from {
                *lots.entry(*lot).or_default() += u128::from(points.units());
                *kinds.entry(&redemption.kind).or_insert(0_u128) += u128::from(points.units());
            }
            if let Some((reward, window)) = redemption.reward.as_ref().and_then(|c| Some((&c.reward, c.window?))) {
                *claims.entry((reward, window)).or_insert(0_u32) += 1;
            }
        }
        for ((reward, window), times) in &self.claims {
            if claims.remove(&(reward, *window)).unwrap_or_default() != *times {
                return Err(Broken::ClaimsDiffer(reward.clone()));
            }
        }
        if let Some(((reward, _), _)) = claims.pop_first() {
            return Err(Broken::ClaimsDiffer(reward.clone()));
        }
        for wallet in &self.book.wallets {
            let (burned, redeemed) = (wallet.totals.burned, kinds.remove(&wallet.kind).unwrap_or_default());
            if redeemed != u128::from(burned.units()) {
                return Err(Broken::BurnedDiffers { kind: wallet.kind.clone(), burned, redeemed });
            }
        }
        match kinds.into_iter().find(|(_, redeemed)| *redeemed > 0) {
            Some((kind, redeemed)) => Err(Broken::BurnedDiffers { kind: kind.clone(), burned: Points::ZERO, redeemed }),
            None => Ok(lots),
        }
    }

    fn audit_lots(&self, spent: &BTreeMap<LotId, u128>) -> Result<(), Broken> {
        let mut numbers = BTreeSet::new();
        let live = self.book.wallets.iter().flat_map(|wallet| &wallet.lots).map(|lot| (lot.lot, lot, true));
        for (number, lot, live) in live.chain(self.archive.iter().map(|(number, stored)| (*number, &stored.1, false))) {
            // A lot that came back from the archive leaves its old copy there.
            let old_copy = !live && numbers.contains(&number);
            let in_place = number == lot.lot && number.number() > 0 && number.number() <= self.book.last_lot;
            if !in_place || lot.is_empty() == live || !(numbers.insert(number) || old_copy) {
                return Err(Broken::MisplacedLot(number));
            }
            let spent = spent.get(&number).copied().unwrap_or_default();
            let found = units([lot.left, lot.held, lot.lapsed]) + spent;
            if !old_copy && found > u128::from(lot.opened.units()) {
                return Err(Broken::LotOverdrawn { lot: number, opened: lot.opened, found });
            }
        }
        match (1..=self.book.last_lot).map(LotId).zip(&numbers).find(|(expected, found)| expected != *found) {
            Some((expected, _)) => Err(Broken::MissingLot(expected)),
            None if numbers.len() == self.book.last_lot as usize => Ok(()),
            None => Err(Broken::MissingLot(LotId(self.book.last_lot))),
        }
    }

    fn audit_holds(&self) -> Result<(), Broken> {
        let (mut held, mut names) = (BTreeMap::new(), BTreeSet::new());
        for hold in &self.book.holds {
            if !names.insert(&hold.hold) || hold.from.iter().all(|draw| draw.points.is_zero()) {
                return Err(Broken::BadHold(hold.hold.clone()));
            }
            for Draw { lot, points } in &hold.from {
                *held.entry((&hold.kind, *lot)).or_insert(0_u128) += u128::from(points.units());
            }
        }
        for wallet in &self.book.wallets {
            for lot in &wallet.lots {
                let by_holds = held.remove(&(&wallet.kind, lot.lot)).unwrap_or_default();
                if by_holds != u128::from(lot.held.units()) {
                    return Err(Broken::HeldDiffers { lot: lot.lot, held: lot.held, by_holds });
                }
            }
        }
        match held.pop_first() {
            Some(((_, lot), by_holds)) => Err(Broken::HeldDiffers { lot, held: Points::ZERO, by_holds }),
            None => Ok(()),
        }
    }

    fn lot(&self, kind: &Name, id: LotId) -> Option<&Lot> {
        let stored = || self.archive.get(&id).filter(|stored| stored.0 == *kind).map(|stored| &stored.1);
        self.book.lot(kind, id).or_else(stored)
    }

    fn audit_rewards(&self) -> Result<(), Broken> {
        let mut rewarded = BTreeSet::new();
        for (source, award) in &self.awards {
            let adds_up = |(lot, taken_back): (&Opened, Points)| {
                let lines = lot.lines.is_empty() || units(lot.lines.iter().map(|(_, points)| *points)) == units([lot.points]);
                let found = self.lot(&lot.kind, lot.lot);
                lines && taken_back <= lot.points && found.is_some_and(|found| found.opened == lot.points)
            };
            let line = |line: AwardLine| {
                line.sold.units > 0 && line.sold.paid >= 0 && line.returned_units <= line.sold.units && line.returned_amount >= 0
            };
            let lines = award.fits() && award.lines().all(line);
            if !lines || !award.lots().all(|lot| adds_up(lot) && rewarded.insert(lot.0.lot)) {
                return Err(Broken::BadReward(source.clone()));
            }
        }
        let found = self.awards.values().filter(|award| award.is_kept_purchase()).count() as u64;
        if found != self.purchases {
            return Err(Broken::PurchasesDiffer { counted: self.purchases, found });
        }
        let mut used: BTreeMap<_, u128> = BTreeMap::new();
        for (rule, window, granted) in self.awards.values().flat_map(Award::used_up) {
            *used.entry((rule, window)).or_default() += u128::from(granted.units());
        }
        let counted = self.caps.iter().map(|((rule, window), used)| ((rule, *window), u128::from(used.units())));
        let counted: BTreeMap<_, u128> = counted.collect();
        if let Some((rule, _)) = used.keys().chain(counted.keys()).find(|key| used.get(*key) != counted.get(*key)) {
            return Err(Broken::CapsDiffer((*rule).clone()));
        }
        let taken_back = units(self.awards.values().flat_map(Award::lots).map(|(_, taken_back)| taken_back));
        let wallets = &self.book.wallets;
        let borne = units(wallets.iter().flat_map(|w| [w.totals.clawed_back, w.debt(), w.forgiven()]));
        // What had lapsed and was then counted by a return is lapsed in the totals, and no longer in its lot.
        let live: BTreeSet<LotId> = wallets.iter().flat_map(|w| &w.lots).map(|lot| lot.lot).collect();
        let archived = self.archive.values().map(|stored| &stored.1).filter(|lot| !live.contains(&lot.lot));
        let lapsed = units(wallets.iter().flat_map(|w| &w.lots).chain(archived).map(|lot| lot.lapsed));
        let expired = units(wallets.iter().map(|w| w.totals.expired));
        match (borne + expired).checked_sub(lapsed) {
            Some(found) if found == taken_back => Ok(()),
            found => Err(Broken::TakenBackDiffers { taken_back, found: found.unwrap_or_default() }),
        }
    }

    fn audit_wallet(&self, wallet: &Wallet) -> Result<(), Broken> {
        let kind = || wallet.kind.clone();
        let in_order = wallet.lots.iter().is_sorted_by(|a, b| a.before(b).is_lt());
        if !in_order || !self.book.wallets.is_sorted_by(|a, b| a.kind < b.kind) {
            return Err(Broken::WrongOrder(kind()));
        }
        let mut totals = wallet.totals;
        let mut of = |places: &[Place]| -> u128 {
            places.iter().filter_map(|place| totals.of(*place).map(|points| u128::from(points.units()))).sum()
        };
        let credited = of(&[Place::Issued, Place::Received]);
        let gone = of(&[Place::Burned, Place::Expired, Place::ClawedBack, Place::Deducted, Place::Sent]);
        let found = gone + units(wallet.lots.iter().flat_map(|lot| [lot.left, lot.held]));
        if credited != found {
            return Err(Broken::NotConserved { kind: kind(), credited, found });
        }
        let (debt, available) = (wallet.debt(), self.last.map_or(Points::ZERO, |at| wallet.available(at)));
        if !debt.is_zero() && !available.is_zero() {
            return Err(Broken::DebtBesidePoints { kind: kind(), debt, available });
        }
        let taken_back: BTreeMap<LotId, Points> =
            self.awards.values().flat_map(Award::lots).map(|(lot, taken_back)| (lot.lot, taken_back)).collect();
        let mut owed: BTreeMap<LotId, u128> = BTreeMap::new();
        for Borne { since, what: entry } in &wallet.borne {
            *owed.entry(entry.owed_by).or_default() += u128::from(entry.points.units());
            let itself = entry.paid_by == Payer::Lot(entry.owed_by);
            let payer_is_there = match entry.paid_by {
                Payer::Lot(lot) => self.lot(&wallet.kind, lot).is_some(),
                _ => true,
            };
            if entry.points.is_zero() || itself || !payer_is_there || *since > wallet.clawbacks {
                return Err(Broken::BadDisplacement(entry.owed_by));
            }
        }
        let too_much = |(lot, owed): &(&LotId, &u128)| taken_back.get(lot).is_none_or(|points| u128::from(points.units()) < **owed);
        match owed.iter().find(too_much) {
            Some((lot, _)) => Err(Broken::BadDisplacement(*lot)),
            None => Ok(()),
        }
    }
}

impl Serialize for Account {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Account::serialize(self, to)
    }
}

/// An account that contradicts itself is not read.
impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Account, D::Error> {
        let account = Account::deserialize(from)?;
        account.audit().map_err(de::Error::custom)?;
        Ok(account)
    }
}
